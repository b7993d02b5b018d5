import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, conflict, FORBIDDEN, NAME_TAKEN, needsManager, notFound, PASSWORD, withWorld } from './world.ts'

// PUT /v3.0/OS-USER/users/{user_id} (OTC IAM API, "Modifying User Information (Including Email Address and Mobile Number)
// as the Administrator").

const world = withWorld()
const PATH = '/v3.0/OS-USER/users'

describe('updating a user and its details', () => {
  it('only the given members change, and the answer shows them', async () => {
    const { ask } = world()
    const path = `${PATH}/{guest}`
    const change = (user: object) => ask('PUT', path, { user })
    const phone = { areacode: '0049', phone: '1512345678' }
    const { status, body } = await change({ description: 'new', email: 'g@example.com', ...phone })
    expect([status, body.user]).toMatchObject([200, { name: 'guest', description: 'new', enabled: true, ...phone }])
    const external = { xuser_id: 'x', xuser_type: 'TenantIdp', access_mode: 'programmatic', pwd_status: true }
    const changed = await change({ name: 'guest2', ...external })
    expect(changed.body.user).toMatchObject({ name: 'guest2', email: 'g@example.com', ...phone, ...external })
    expect((await change({})).body).toEqual(changed.body)
    expect((await ask('GET', path)).body).toEqual(changed.body)
  })

  it('empty texts remove the phone number and the external id', async () => {
    const { ask } = world()
    const details = { areacode: '0049', phone: '1', xuser_id: 'x', xuser_type: 'TenantIdp' }
    const { body } = await ask('POST', PATH, { user: { name: 'with-details', ...details } })
    const none = { areacode: '', phone: '', xuser_id: '', xuser_type: '' }
    expect((await ask('PUT', `${PATH}/${body.user.id}`, { user: none })).body.user).toMatchObject(none)
  })

  it('a new password revokes all tokens of the user', async () => {
    const { ask, tokenOf } = world()
    const old = await tokenOf('reader', 'default')
    expect((await ask('PUT', `${PATH}/{reader}`, { user: { password: 'another word 2' } })).status).toBe(200)
    expect((await ask('GET', '/v3/{project}/tags', undefined, old)).status).toBe(401)
    await ask('PUT', `${PATH}/{reader}`, { user: { password: PASSWORD } })
  })
})

describe('answers to PUT', () => {
  // The tokens of the other world are revoked.
  const fresh = withWorld()
  const path = `${PATH}/{reader}`
  const body = { user: { description: 'no' } }
  const refused = (name: string, user: unknown, expected: ReturnType<typeof bad>) =>
    asked(name, 'PUT', path, expected, { user })
  runScenarios(
    () => fresh().target,
    [
      ...needsManager({ method: 'PUT', path, body }),
      asked('an unknown id is answered with 404', 'PUT', `${PATH}/none`, notFound('user_id'), body),
      refused('a name that is taken is answered with 409', { name: 'admin' }, conflict(NAME_TAKEN, 'user.name')),
      refused('a request for another domain is answered with 403', { domain_id: 'other' }, FORBIDDEN),
      refused('a phone number without area code is answered with 400', { phone: '1' }, bad('user.areacode')),
      refused('an unknown access mode is answered with 400', { access_mode: 'all' }, bad('user.access_mode')),
      asked('a request without a user is answered with 400', 'PUT', path, bad('user', 'required'), {}),
    ],
  )
})
