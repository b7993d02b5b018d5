import { describe, expect, it } from 'vitest'
import { iamError, says } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { ID } from './accounts.ts'
import { asked, bad, conflict, FORBIDDEN, NAME_TAKEN, needsManager, PASSWORD, withWorld } from './world.ts'

// POST /v3/users (OTC IAM API, "Creating a User").

const world = withWorld()
const PATH = '/v3/users'

describe('creating a user', () => {
  it('a created user is shown in the documented form, without the password', async () => {
    const { ask, ids, service } = world()
    const sent = { name: 'jamesdoe', description: 'Tests.', email: 'j@example.com', enabled: true }
    const { status, body } = await ask('POST', PATH, { user: { ...sent, password: PASSWORD, domain_id: ids.domain } })
    expect([status, body]).toEqual([
      201,
      {
        user: {
          ...sent,
          id: ID,
          domain_id: ids.domain,
          password_expires_at: null,
          links: { self: `${service.url}/v3/users/${body.user.id}` },
        },
      },
    ])
    expect((await ask('GET', `${PATH}?name=jamesdoe`)).body.users).toEqual([body.user])
  })

  it('a new user has no access until a role is assigned', async () => {
    const { ask, newUser, service, tokenOf } = world()
    const id = await newUser('newcomer')
    expect(await tokenOf('newcomer', 'default')).toBe('')
    const { body } = await ask('GET', '/v3/roles?name=readonly')
    await ask('PUT', `/v3/projects/${service.project}/users/${id}/roles/${body.roles[0].id}`)
    const token = await tokenOf('newcomer', 'default')
    expect((await ask('GET', `/v3/${service.project}/tags`, undefined, token)).status).toBe(200)
  })

  it('a user without a password or disabled cannot log in', async () => {
    const { ask, tokenOf } = world()
    await ask('POST', PATH, { user: { name: 'wordless' } })
    await ask('POST', PATH, { user: { name: 'disabled', password: PASSWORD, enabled: false } })
    expect(await Promise.all([tokenOf('wordless'), tokenOf('disabled')])).toEqual(['', ''])
  })

  it('null is accepted for omitted members', async () => {
    const nothing = { description: null, email: null, password: null, domain_id: null, enabled: null }
    const user = { name: 'of-nulls', ...nothing, default_project_id: null, options: null }
    const { status, body } = await world().ask('POST', PATH, { user })
    expect([status, body.user]).toMatchObject([201, { name: 'of-nulls', description: '', email: '', enabled: true }])
  })

  it('a user name can be used once, also under concurrent requests', async () => {
    const { ask } = world()
    const made = await Promise.all(Array.from({ length: 5 }, () => ask('POST', PATH, { user: { name: 'once' } })))
    expect(made.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409])
  })
})

describe('answers to POST', () => {
  const refused = (name: string, user: unknown, expected: ReturnType<typeof bad>) =>
    asked(name, 'POST', PATH, expected, { user })
  const weak = (name: string, password: string, ...fragments: string[]) =>
    refused(
      `a password ${name} is answered with 400`,
      { name: 'Passwort1', email: 'me@home.de', password },
      iamError(400, 'Bad Request', says('The password does not meet the requirements.', 'user.password', ...fragments)),
    )
  runScenarios(
    () => world().target,
    [
      ...needsManager({ method: 'POST', path: PATH, body: { user: { name: 'no' } } }),
      refused('a name that is taken is answered with 409', { name: 'reader' }, conflict(NAME_TAKEN, 'user.name')),
      refused('a request for another domain is answered with 403', { name: 'a', domain_id: 'other' }, FORBIDDEN),
      refused('a request without a name is answered with 400', { password: PASSWORD }, bad('user.name', 'required')),
      refused('null for a name is answered with 400', { name: null }, bad('user.name', 'a string')),
      refused('an empty name is answered with 400', { name: '' }, bad('user.name')),
      refused('a name of 65 characters is answered with 400', { name: 'x'.repeat(65) }, bad('user.name', '64', '65')),
      refused('a name that begins with a digit is answered with 400', { name: '1a' }, bad('user.name')),
      refused('a name with other characters is answered with 400', { name: 'a@b' }, bad('user.name')),
      refused(
        'a description of 256 characters is answered with 400',
        { name: 'a', description: 'x'.repeat(256) },
        bad('255', '256'),
      ),
      refused(
        'a password of 1025 characters is answered with 400',
        { name: 'a', password: '1x'.repeat(513) },
        bad('user.password'),
      ),
      refused(
        'a value of enabled that is not a boolean is answered with 400',
        { name: 'a', enabled: 1 },
        bad('user.enabled'),
      ),
      asked('a request without a user is answered with 400', 'POST', PATH, bad('user', 'required'), {}),
      weak('of 7 characters', 'abc-123', '8 characters'),
      weak('of one kind of characters', 'abcdefghij', 'at least two of'),
      weak('that is the user name', 'passwort1', 'user name'),
      weak('that is the user name backwards', '1trowssaP', 'user name'),
      weak('with the address in it', 'xxMe@home.de', 'e-mail'),
      asked(
        'a request with all values at their limits is answered with 201',
        'POST',
        PATH,
        { status: 201 },
        {
          user: { name: 'x'.repeat(64), password: 'abc-1234', description: 'x'.repeat(255) },
        },
      ),
      asked(
        'a name of every allowed kind of character is answered with 201',
        'POST',
        PATH,
        { status: 201 },
        { user: { name: '_-. 9zA' } },
      ),
      asked(
        'a password of one sentence is answered with 201',
        'POST',
        PATH,
        { status: 201 },
        {
          user: { name: 'sentence', password: 'It was a dark night. '.repeat(40) },
        },
      ),
    ],
  )

  it('no error shows a password', async () => {
    const { ask } = world()
    const secret = 'hunter2!'
    for (const user of [
      { name: 'reader', password: secret },
      { name: 7, password: secret },
      { name: 'a', password: [secret] },
      { name: secret, password: 'x' },
      { name: 'a', password: secret.slice(1) },
    ]) {
      const { status, text } = await ask('POST', PATH, { user })
      expect(status).toBeGreaterThanOrEqual(400)
      expect(text).not.toContain('unter2')
    }
  })
})
