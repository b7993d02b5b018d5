import { describe, expect, it } from 'vitest'
import { iamError, says } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { ID } from './accounts.ts'
import { asked, bad, conflict, FORBIDDEN, NAME_TAKEN, needsManager, PASSWORD, withWorld } from './world.ts'

// POST /v3.0/OS-USER/users (OTC IAM API, "Creating an IAM User (Recommended)").

const world = withWorld()
const PATH = '/v3.0/OS-USER/users'

describe('creating a user with details', () => {
  it('a created user is shown with its details, without the password', async () => {
    const { ask, ids, service } = world()
    const details = {
      ...{ description: 'Tests.', email: 'j@example.com', enabled: true, areacode: '0049', phone: '1512345678' },
      ...{ xuser_id: 'employee 7', xuser_type: 'TenantIdp', access_mode: 'programmatic', pwd_status: false },
    }
    const user = { name: 'jamesdoe', ...details, password: PASSWORD, domain_id: ids.domain }
    const { status, body } = await ask('POST', PATH, { user })
    const { password: _, ...sent } = user
    const links = { self: `${service.url}${PATH}/${body.user.id}` }
    expect([status, body]).toEqual([201, { user: { ...sent, id: ID, is_domain_owner: false, links } }])
    expect((await ask('GET', `${PATH}/${body.user.id}`)).body).toEqual(body)
  })

  it('the request of the Terraform provider creates a user that shows what was sent', async () => {
    const { ask, ids } = world()
    const sent = { name: 'of-terraform', description: '', email: '', enabled: true, pwd_status: true }
    const user = { ...sent, password: PASSWORD, domain_id: ids.domain }
    const { body } = await ask('POST', PATH, { user })
    expect((await ask('GET', `${PATH}/${body.user.id}`)).body.user).toMatchObject({ ...sent, access_mode: 'default' })
  })

  it('the password of a new user should be changed by default, and a user without one has none to change', async () => {
    const statusOf = async (user: object) => (await world().ask('POST', PATH, { user })).body.user.pwd_status
    expect(await statusOf({ name: 'with-password', password: PASSWORD })).toBe(true)
    expect(await statusOf({ name: 'without-password', pwd_status: true })).toBe(false)
  })

  it('a user whose password should be changed can log in, and the change sets pwd_status to false', async () => {
    const { ask, ids, tokenOf } = world()
    const { body } = await ask('POST', PATH, { user: { name: 'fresh', password: PASSWORD } })
    const roles = await ask('GET', '/v3/roles?name=readonly')
    await ask('PUT', `/v3/projects/${ids.project}/users/${body.user.id}/roles/${roles.body.roles[0].id}`)
    const token = await tokenOf('fresh', 'default')
    const passwords = { original_password: PASSWORD, password: 'another word 2' }
    const changed = await ask('POST', `/v3/users/${body.user.id}/password`, { user: passwords }, token)
    expect(changed.status).toBe(204)
    expect((await ask('GET', `${PATH}/${body.user.id}`)).body.user.pwd_status).toBe(false)
  })

  it('null is accepted for omitted members', async () => {
    const nothing = { description: null, password: null, areacode: null, phone: null, xuser_id: null, pwd_status: null }
    const { status, body } = await world().ask('POST', PATH, { user: { name: 'of-nulls', ...nothing } })
    expect([status, body.user]).toMatchObject([201, { phone: '', xuser_id: '', access_mode: 'programmatic' }])
  })
})

describe('answers to POST', () => {
  const user = { name: 'new' }
  const refused = (name: string, members: object, expected: ReturnType<typeof bad>) =>
    asked(name, 'POST', PATH, expected, { user: { ...user, ...members } })
  const weak = (...fragments: string[]) =>
    iamError(400, 'Bad Request', says('The password does not meet the requirements.', 'user.password', ...fragments))
  runScenarios(
    () => world().target,
    [
      ...needsManager({ method: 'POST', path: PATH, body: { user } }),
      asked('a request without a name is answered with 400', 'POST', PATH, bad('user.name', 'required'), { user: {} }),
      refused('a name that is taken is answered with 409', { name: 'reader' }, conflict(NAME_TAKEN, 'user.name')),
      refused('a request for another domain is answered with 403', { domain_id: 'other' }, FORBIDDEN),
      refused(
        'a phone number without area code is answered with 400',
        { phone: '1' },
        bad('user.areacode', 'user.phone'),
      ),
      refused('an area code without phone number is answered with 400', { areacode: '1' }, bad('user.phone')),
      refused('a phone number of letters is answered with 400', { phone: 'x', areacode: '1' }, bad('user.phone')),
      refused(
        'a phone number of 33 digits is answered with 400',
        { phone: '1'.repeat(33), areacode: '1' },
        bad('user.phone'),
      ),
      refused('an external id without type is answered with 400', { xuser_id: 'x' }, bad('user.xuser_type')),
      refused(
        'an external id of 129 characters is answered with 400',
        { xuser_id: 'x'.repeat(129), xuser_type: 'x' },
        bad('user.xuser_id', '128'),
      ),
      refused(
        'access by the console only is answered with 400',
        { access_mode: 'console' },
        bad('user.access_mode', 'default', 'programmatic'),
      ),
      refused(
        'a pwd_status of text is answered with 400',
        { pwd_status: 'true' },
        bad('user.pwd_status', 'true or false'),
      ),
      refused(
        'a password with the phone number is answered with 400',
        { password: 'my-5551234-word', phone: '5551234', areacode: '1' },
        weak('phone number'),
      ),
    ],
  )
})
