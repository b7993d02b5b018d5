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

describe('changes a user', () => {
  it('in what is given and nothing else, and shows it', async () => {
    const { ask } = world()
    const { status, body } = await change('/v3/users/{guest}', { description: 'new', email: 'g@example.com' })
    expect([status, body.user]).toMatchObject([200, { name: 'guest', description: 'new', enabled: true }])
    expect((await change('/v3/users/{guest}', { name: 'guest2' })).body.user).toMatchObject({ description: 'new' })
    expect((await ask('GET', '/v3/users/{guest}')).body.user).toMatchObject({ name: 'guest2', email: 'g@example.com' })
    expect((await change('/v3/users/{guest}', { name: 'guest2' })).status).toBe(200)
    expect((await change('/v3/users/{guest}', {})).status).toBe(200)
  })

  it('in nothing where null is given', async () => {
    const token = await world().tokenOf('reader', 'default')
    await change(PATH, { description: 'kept', email: 'kept@example.com' })
    const nothing = { name: null, description: null, email: null, password: null, domain_id: null, enabled: null }
    const { status, body } = await change(PATH, { ...nothing, default_project_id: null })
    const kept = { name: 'reader', description: 'kept', email: 'kept@example.com', enabled: true }
    expect([status, body.user]).toMatchObject([200, kept])
    // A new password would have ended it.
    expect(await tagsWith(token)).toBe(200)
  })

  it('whose tokens go on counting when only words change', async () => {
    const token = await world().tokenOf('reader', 'default')
    await change(PATH, { description: 'other words' })
    expect(await tagsWith(token)).toBe(200)
  })

  it('whose tokens end with the password, even those of the same second', async () => {
    const { tokenOf } = world()
    const old = await tokenOf('reader', 'default')
    expect((await change(PATH, { password: 'another word 2' })).status).toBe(200)
    expect(await tagsWith(old)).toBe(401)
    expect(await tokenOf('reader', 'default')).toBe('')
    await change(PATH, { password: 'only looking' })
    const fresh = await tokenOf('reader', 'default')
    expect([await tagsWith(fresh), await tagsWith(old)]).toEqual([200, 401])
  })

  it('whose tokens end for good when it is disabled, and who can log in when it is enabled again', async () => {
    const { tokenOf } = world()
    const old = await tokenOf('reader', 'default')
    await change(PATH, { enabled: false })
    expect([await tagsWith(old), await tokenOf('reader', 'default')]).toEqual([401, ''])
    await change(PATH, { enabled: true })
    expect([await tagsWith(old), await tagsWith(await tokenOf('reader', 'default'))]).toEqual([401, 200])
  })

  it('and keeps the last administrator of the domain enabled', async () => {
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

describe('answers', () => {
  // The tokens of the other world have ended.
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
      asked('404 to an unknown id', 'PATCH', '/v3/users/none', notFound('user_id'), body),
      refused('409 to a name that is taken', { name: 'admin' }, conflict(NAME_TAKEN, 'user.name')),
      refused('403 to another domain', { domain_id: 'other' }, FORBIDDEN),
      refused('400 to a name of 65 characters', { name: 'x'.repeat(65) }, bad('user.name', '64', '65')),
      refused('400 to a name that begins with a digit', { name: '1a' }, bad('user.name')),
      refused('400 to a password of 7 characters', { password: 'abc-123' }, weak('8 characters')),
      refused('400 to the name that goes with it', { name: 'n-ew-name', password: 'n-ew-name' }, weak('user name')),
      asked('400 without a user', 'PATCH', PATH, bad('user', 'required'), {}),
    ],
  )

  it('never shows a password', async () => {
    const { text } = await change(PATH, { password: [ADMIN_PASSWORD], enabled: 1 })
    expect(text).not.toContain('battery')
  })
})
