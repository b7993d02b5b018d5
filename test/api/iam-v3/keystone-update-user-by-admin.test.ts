import { describe, expect, it } from 'vitest'
import { ADMIN_PASSWORD } from '../../support/service.ts'
import { iamError, says } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { newToken } from './accounts.ts'
import { asked, bad, conflict, FORBIDDEN, LAST_ADMIN, NAME_TAKEN, needsManager, notFound, withWorld } from './world.ts'

// PATCH /v3/users/{user_id} (OTC IAM API, "Modifying User Information").

const world = withWorld()
const PATH = '/v3/users/{reader}'

const change = (path: string, user: object) => world().ask('PATCH', path, { user })
const tagsWith = async (token: string) => (await world().ask('GET', '/v3/{project}/tags', undefined, token)).status

describe('updating a user', () => {
  it('only the given members of a user change, and the answer shows them', async () => {
    const { ask } = world()
    const { status, body } = await change('/v3/users/{guest}', { description: 'new', email: 'g@example.com' })
    expect([status, body.user]).toMatchObject([200, { name: 'guest', description: 'new', enabled: true }])
    expect((await change('/v3/users/{guest}', { name: 'guest2' })).body.user).toMatchObject({ description: 'new' })
    expect((await ask('GET', '/v3/users/{guest}')).body.user).toMatchObject({ name: 'guest2', email: 'g@example.com' })
    expect((await change('/v3/users/{guest}', { name: 'guest2' })).status).toBe(200)
    expect((await change('/v3/users/{guest}', {})).status).toBe(200)
  })

  it('null changes nothing', async () => {
    const token = await world().tokenOf('reader', 'default')
    await change(PATH, { description: 'kept', email: 'kept@example.com' })
    const nothing = { name: null, description: null, email: null, password: null, domain_id: null, enabled: null }
    const { status, body } = await change(PATH, { ...nothing, default_project_id: null })
    const kept = { name: 'reader', description: 'kept', email: 'kept@example.com', enabled: true }
    expect([status, body.user]).toMatchObject([200, kept])
    // A new password would have revoked it.
    expect(await tagsWith(token)).toBe(200)
  })

  it('tokens stay valid when only descriptive members change', async () => {
    const token = await world().tokenOf('reader', 'default')
    await change(PATH, { description: 'other words' })
    expect(await tagsWith(token)).toBe(200)
  })

  it('a new password revokes all tokens, even those issued in the same second', async () => {
    const { tokenOf } = world()
    const old = await tokenOf('reader', 'default')
    expect((await change(PATH, { password: 'another word 2' })).status).toBe(200)
    expect(await tagsWith(old)).toBe(401)
    expect(await tokenOf('reader', 'default')).toBe('')
    await change(PATH, { password: 'only looking' })
    const fresh = await tokenOf('reader', 'default')
    expect([await tagsWith(fresh), await tagsWith(old)]).toEqual([200, 401])
  })

  it('disabling a user revokes its tokens for good, and an enabled user can log in again', async () => {
    const { tokenOf } = world()
    const old = await tokenOf('reader', 'default')
    await change(PATH, { enabled: false })
    expect([await tagsWith(old), await tokenOf('reader', 'default')]).toEqual([401, ''])
    await change(PATH, { enabled: true })
    expect([await tagsWith(old), await tagsWith(await tokenOf('reader', 'default'))]).toEqual([401, 200])
  })

  it('the last administrator of the domain cannot be disabled', async () => {
    const { ask, ids, newUser, service } = world()
    const shut = (id: string | undefined) => change(`/v3/users/${id}`, { enabled: false })
    const refused = await shut(ids.admin)
    expect({ status: refused.status, body: refused.body }).toEqual(conflict(LAST_ADMIN))
    expect(await tagsWith(await newToken(service))).toBe(200)
    const second = await newUser('second')
    const { body } = await ask('GET', '/v3/roles?name=te_admin')
    await ask('PUT', `/v3/domains/{domain}/users/${second}/roles/${body.roles[0].id}`)
    await shut(second)
    expect((await shut(ids.admin)).status).toBe(409)
    await change(`/v3/users/${second}`, { enabled: true })
    expect((await change('/v3/users/{admin}', { description: 'still here' })).status).toBe(200)
  })
})

describe('answers to PATCH', () => {
  // The tokens of the other world are revoked.
  const fresh = withWorld()
  const body = { user: { description: 'no' } }
  const refused = (name: string, user: unknown, expected: ReturnType<typeof bad>) =>
    asked(name, 'PATCH', PATH, expected, { user })
  const weak = (...fragments: string[]) =>
    iamError(400, 'Bad Request', says('The password does not meet the requirements.', 'user.password', ...fragments))
  runScenarios(
    () => fresh().target,
    [
      ...needsManager({ method: 'PATCH', path: PATH, body }),
      asked('an unknown id is answered with 404', 'PATCH', '/v3/users/none', notFound('user_id'), body),
      refused('a name that is taken is answered with 409', { name: 'admin' }, conflict(NAME_TAKEN, 'user.name')),
      refused('a request for another domain is answered with 403', { domain_id: 'other' }, FORBIDDEN),
      refused('a name of 65 characters is answered with 400', { name: 'x'.repeat(65) }, bad('user.name', '64', '65')),
      refused('a name that begins with a digit is answered with 400', { name: '1a' }, bad('user.name')),
      refused('a password of 7 characters is answered with 400', { password: 'abc-123' }, weak('8 characters')),
      refused(
        'a new password equal to the new name in the same request is answered with 400',
        { name: 'n-ew-name', password: 'n-ew-name' },
        weak('user name'),
      ),
      asked('a request without a user is answered with 400', 'PATCH', PATH, bad('user', 'required'), {}),
    ],
  )

  it('no error shows a password', async () => {
    const { text } = await change(PATH, { password: [ADMIN_PASSWORD], enabled: 1 })
    expect(text).not.toContain('battery')
  })
})
