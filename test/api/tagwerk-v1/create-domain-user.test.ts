import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, needsAction, PASSWORD, withAccountWorld } from './account-calls.ts'

// W95: POST /tagwerk/v1/domain/users.

const PATH = '/tagwerk/v1/domain/users'
const world = withAccountWorld()

describe('a new user', () => {
  it('is answered without its password, and has no role', async () => {
    const { outcome, tokenOf, lastLogged } = world()
    const [status, body] = await outcome('POST', PATH, { name: 'ann', password: PASSWORD, email: 'ann@example.org' })
    expect([status, body]).toEqual([
      201,
      {
        ...{ id: expect.stringMatching(/^[0-9a-f]{32}$/), name: 'ann', description: '', email: 'ann@example.org' },
        ...{ enabled: true, has_password: true, is_caller: false },
      },
    ])
    expect(await tokenOf('ann')).toBe('')
    const entry = await lastLogged()
    expect(entry).toMatchObject({ event: 'user.created', target: { name: 'ann' }, detail: { hasPassword: true } })
    expect(JSON.stringify(entry)).not.toContain(PASSWORD)
  })

  it('logs in with its password once it has a role', async () => {
    const { outcome, ask, ids, tokenOf } = world()
    const { id } = (await ask('POST', PATH, { name: 'bob', password: PASSWORD })).body
    const { roles } = (await ask('GET', '/v3/roles?name=readonly')).body
    await ask('PUT', `/v3/projects/${ids.project}/users/${id}/roles/${roles[0].id}`)
    expect(await tokenOf('bob', 'default')).not.toBe('')
    expect(await outcome('POST', PATH, { name: 'bob', password: PASSWORD })).toEqual([409, 'name-taken'])
  })

  it('belongs to the domain of the caller, where a name of another domain is free', async () => {
    const { outcome, ask } = world()
    expect(await outcome('POST', PATH, { name: 'reader' }, 'stranger')).toMatchObject([201, { has_password: false }])
    expect((await ask('GET', PATH, undefined, 'stranger')).body.users).toHaveLength(2)
  })
})

const refused = (name: string, body: unknown, expected: ReturnType<typeof bad>) =>
  asked(name, { method: 'POST', path: PATH, body }, expected)

describe('answers to POST', () => {
  runScenarios(
    () => world().target,
    [
      ...needsAction('iam:users:createUser', { method: 'POST', path: PATH, body: { name: 'no' } }),
      refused(
        'a name that is taken is answered with 409',
        { name: 'reader' },
        tagwerkError(409, 'name-taken', 'in use. name: '),
      ),
      refused('a request without a name is answered with 400', { password: PASSWORD }, bad('name: is required')),
      refused(
        'a name that begins with a digit is answered with 400',
        { name: '1a' },
        bad('name: must be text that matches'),
      ),
      refused('a name of 65 characters is answered with 400', { name: 'x'.repeat(65) }, bad('name: ', '64', '65')),
      refused(
        'a short password is answered with 400, without the password',
        { name: 'carl', password: 'Sh0rt!' },
        {
          status: 400,
          body: {
            error_code: 'password-weak',
            error_msg: 'The password is too weak. password: must have at least 8 characters.',
          },
        },
      ),
      refused(
        'a common password is answered with 400',
        { name: 'carl', password: 'Password1' },
        tagwerkError(400, 'password-weak', 'password: ', 'most common'),
      ),
      refused(
        'an e-mail address of 256 characters is answered with 400',
        { name: 'carl', email: 'x'.repeat(256) },
        bad('email: ', '255'),
      ),
      refused(
        'an unknown member is answered with 400',
        { name: 'carl', mail: 'x' },
        bad('mail: is not a known member', '"email"'),
      ),
    ],
  )
})

describe('a domain with as many users as it may have', () => {
  let service: TestService
  beforeAll(async () => {
    service = await startTestService({ flags: { 'domain-users-max': '1' } })
  })
  afterAll(() => service.stop())

  it('gets no further user, and the limit is named', async () => {
    const token = await service.tokenFor(undefined)
    const { status, body } = await service.call('POST', PATH, { token, body: { name: 'second' } })
    expect({ status, body }).toEqual(tagwerkError(409, 'domain-quota-exceeded', 'users of the domain: '))
  })
})
