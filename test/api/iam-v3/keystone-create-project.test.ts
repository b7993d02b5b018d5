import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { ID } from './accounts.ts'
import { asked, bad, conflict, FORBIDDEN, NAME_TAKEN, needsManager, withWorld } from './world.ts'

// POST /v3/projects (OTC IAM API, "Creating a Project").

const world = withWorld()
const PATH = '/v3/projects'

const create = (project: unknown, token = 'domain') => world().ask('POST', PATH, { project }, token)

describe('creating a project', () => {
  it('a created project is shown in the documented form', async () => {
    const { ids, service, ask } = world()
    const sent = { name: 'eu-de_test1', description: 'Tests.', domain_id: ids.domain, parent_id: ids.domain }
    const { status, body } = await create({ ...sent, is_domain: false, enabled: true })
    expect([status, body]).toEqual([
      201,
      {
        project: {
          id: ID,
          ...sent,
          is_domain: false,
          enabled: true,
          tags: [],
          links: { self: `${service.url}/v3/projects/${body.project.id}` },
        },
      },
    ])
    const found = await ask('GET', `${PATH}?name=eu-de_test1`)
    expect(found.body.projects).toEqual([body.project])
  })

  it('a project can be created with only a name', async () => {
    const { status, body } = await create({ name: '项目 one' })
    expect([status, body.project]).toMatchObject([201, { name: '项目 one', description: '', enabled: true }])
  })

  it('a project can be created with tags', async () => {
    const { status, body } = await create({ name: 'tagged', tags: ['b', 'a'] })
    expect([status, body.project.tags]).toEqual([201, ['b', 'a']])
    expect((await world().ask('GET', `${PATH}/${body.project.id}`)).body).toEqual(body)
  })

  it('null is accepted for omitted members', async () => {
    const nothing = { description: null, domain_id: null, parent_id: null, is_domain: null, enabled: null }
    const { status, body } = await create({ name: 'of-nulls', ...nothing, tags: null })
    expect([status, body.project]).toMatchObject([201, { name: 'of-nulls', description: '', enabled: true }])
  })

  it('unknown members are ignored at any depth', async () => {
    const deep = `${'{"a":'.repeat(5000)}null${'}'.repeat(5000)}`
    const sent = `{"project": {"name": "of-depths", "other": ${deep}, "__proto__": null}, "other": ${deep}}`
    expect((await world().ask('POST', PATH, sent)).status).toBeLessThan(500)
  })

  it('domain administrators can use a new project at once', async () => {
    const { service, ask } = world()
    const { body } = await create({ name: 'at-once' })
    const token = await service.tokenFor('at-once')
    expect((await ask('GET', `/v3/${body.project.id}/tags`, undefined, token)).status).toBe(200)
  })
})

describe('answers to POST', () => {
  const refused = (name: string, project: unknown, expected: ReturnType<typeof bad>) =>
    asked(name, 'POST', PATH, expected, { project })
  runScenarios(
    () => world().target,
    [
      ...needsManager({ method: 'POST', path: PATH, body: { project: { name: 'no' } } }),
      refused(
        'a name that is taken is answered with 409',
        { name: 'default' },
        conflict(NAME_TAKEN, 'project.name', 'default'),
      ),
      refused('a request for another domain is answered with 403', { name: 'a', domain_id: 'other' }, FORBIDDEN),
      refused('another parent is answered with 400', { name: 'a', parent_id: 'x' }, bad('project.parent_id', '"x"')),
      refused(
        'a project that is a domain is answered with 400',
        { name: 'a', is_domain: true },
        bad('project.is_domain', 'false'),
      ),
      refused('null for a name is answered with 400', { name: null }, bad('project.name', 'a string')),
      asked('null for a project is answered with 400', 'POST', PATH, bad('project', 'an object'), { project: null }),
      asked('an array instead of a project is answered with 400', 'POST', PATH, bad('project', 'an object'), {
        project: [null],
      }),
      refused('a request without a name is answered with 400', {}, bad('project.name', 'required')),
      refused('an empty name is answered with 400', { name: '' }, bad('project.name')),
      refused('a name with outer blanks is answered with 400', { name: ' a' }, bad('project.name', '" a"')),
      refused(
        'a name of 65 characters is answered with 400',
        { name: 'x'.repeat(65) },
        bad('project.name', '64', '65'),
      ),
      refused(
        'a description of 256 characters is answered with 400',
        { name: 'a', description: 'x'.repeat(256) },
        bad('255', '256'),
      ),
      refused('a name that is not a string is answered with 400', { name: 1 }, bad('project.name', 'string')),
      asked('a request without a body is answered with 400', 'POST', PATH, bad()),
      asked('a request without a project is answered with 400', 'POST', PATH, bad('project', 'required'), {}),
      asked(
        'the longest name is answered with 201',
        'POST',
        PATH,
        { status: 201 },
        {
          project: { name: 'x'.repeat(64), description: 'x'.repeat(255) },
        },
      ),
    ],
  )
})
