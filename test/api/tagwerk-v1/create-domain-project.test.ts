import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, needsAction, withAccountWorld } from './account-calls.ts'

// W91: POST /tagwerk/v1/domain/projects.

const PATH = '/tagwerk/v1/domain/projects'
const world = withAccountWorld()

describe('a new project', () => {
  it('is answered with its id, is enabled, and users of the domain can use it at once', async () => {
    const { outcome, service, lastLogged } = world()
    const [status, body] = await outcome('POST', PATH, { name: 'shop', description: 'sells things' })
    const project = { id: expect.stringMatching(/^[0-9a-f]{32}$/), name: 'shop', description: 'sells things' }
    expect([status, body]).toEqual([201, { ...project, enabled: true, resources: 0 }])
    expect(await service.tokenFor('shop')).not.toBe('')
    expect(await lastLogged()).toMatchObject({
      event: 'project.created',
      user: { name: 'admin' },
      target: { name: 'shop' },
    })
  })

  it('belongs to the domain of the caller', async () => {
    const { outcome, ask } = world()
    expect(await outcome('POST', PATH, { name: 'mine' }, 'stranger')).toMatchObject([201, { name: 'mine' }])
    const { projects } = (await ask('GET', PATH)).body
    expect(projects.map(({ name }: { name: string }) => name)).not.toContain('mine')
  })

  it('can be created disabled', async () => {
    expect(await world().outcome('POST', PATH, { name: 'later', enabled: false })).toMatchObject([
      201,
      { enabled: false },
    ])
  })
})

const refused = (name: string, body: unknown, expected: ReturnType<typeof bad>) =>
  asked(name, { method: 'POST', path: PATH, body }, expected)

describe('answers to POST', () => {
  runScenarios(
    () => world().target,
    [
      ...needsAction('iam:projects:createProject', { method: 'POST', path: PATH, body: { name: 'no' } }),
      refused(
        'a name that is taken is answered with 409',
        { name: 'other' },
        tagwerkError(409, 'name-taken', 'in use. name: ', '"other"'),
      ),
      refused('a request without a name is answered with 400', {}, bad('name: is required')),
      refused('an empty name is answered with 400', { name: '' }, bad('name: must be text that matches')),
      refused('a name with outer blanks is answered with 400', { name: ' a' }, bad('name: must be', '" a"')),
      refused('a name of 65 characters is answered with 400', { name: 'x'.repeat(65) }, bad('name: ', '64', '65')),
      refused(
        'a description of 256 characters is answered with 400',
        { name: 'a', description: 'x'.repeat(256) },
        bad('description: ', '255', '256'),
      ),
      refused(
        'a state that is no boolean is answered with 400',
        { name: 'a', enabled: 'yes' },
        bad('enabled: must be true or false', '"yes"'),
      ),
      refused(
        'a misspelt member is answered with 400 and the right one',
        { name: 'a', descripton: '' },
        bad('descripton: is not a known member, use "description"'),
      ),
      refused(
        'the body of the account service is answered with 400',
        { project: { name: 'a' } },
        bad('name: is required'),
      ),
    ],
  )
})

describe('a domain with as many projects as it may have', () => {
  let service: TestService
  beforeAll(async () => {
    service = await startTestService({ flags: { 'domain-projects-max': '2' } })
  })
  afterAll(() => service.stop())

  it('gets no further project, and the limit is named', async () => {
    const token = await service.tokenFor(undefined)
    const create = (name: string) => service.call('POST', PATH, { token, body: { name } })
    expect((await create('second')).status).toBe(201)
    const { status, body } = await create('third')
    expect({ status, body }).toEqual(tagwerkError(409, 'domain-quota-exceeded', 'projects of the domain: ', '2'))
  })
})
