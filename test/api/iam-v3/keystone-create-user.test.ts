import { describe, expect, it } from 'vitest'
import { iamError, says } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { ID } from './accounts.ts'
import { asked, bad, conflict, FORBIDDEN, NAME_TAKEN, needsManager, PASSWORD, withWorld } from './world.ts'

// POST /v3/users (OTC IAM API, "Creating a User").

const world = withWorld()
const PATH = '/v3/users'

describe('makes a user', () => {
  it('in the form of the documents, never with the password', async () => {
    const { ask, ids, service } = world()
    const sent = { name: 'jamesdoe', description: 'Tests.', email: 'j@example.com', enabled: true }
    const { status, body } = await ask('POST', PATH, { user: { ...sent, password: PASSWORD, domain_id: ids.domain } })
    expect([status, body]).toEqual([
      201,
      {
        user: {
          ...{ ...sent, id: ID, domain_id: ids.domain, password_expires_at: null },
          links: { self: `${service.url}/v3/users/${body.user.id}` },
        },
      },
    ])
    expect((await ask('GET', `${PATH}?name=jamesdoe`)).body.users).toEqual([body.user])
  })

  it('who may do nothing until a role is given, and then what it says', async () => {
    const { ask, newUser, service, tokenOf } = world()
    const id = await newUser('newcomer')
    expect(await tokenOf('newcomer', 'default')).toBe('')
    const { body } = await ask('GET', '/v3/roles?name=readonly')
    await ask('PUT', `/v3/projects/${service.project}/users/${id}/roles/${body.roles[0].id}`)
    const token = await tokenOf('newcomer', 'default')
    expect((await ask('GET', `/v3/${service.project}/tags`, undefined, token)).status).toBe(200)
  })

  it('who cannot log in without a password, or disabled', async () => {
    const { ask, tokenOf } = world()
    await ask('POST', PATH, { user: { name: 'wordless' } })
    await ask('POST', PATH, { user: { name: 'disabled', password: PASSWORD, enabled: false } })
    expect(await Promise.all([tokenOf('wordless'), tokenOf('disabled')])).toEqual(['', ''])
  })

  it('taking null for what was not said', async () => {
    const nothing = { description: null, email: null, password: null, domain_id: null, enabled: null }
    const user = { name: 'of-nulls', ...nothing, default_project_id: null, options: null }
    const { status, body } = await world().ask('POST', PATH, { user })
    expect([status, body.user]).toMatchObject([201, { name: 'of-nulls', description: '', email: '', enabled: true }])
  })

  it('of one name once, also when several ask at the same time', async () => {
    const { ask } = world()
    const made = await Promise.all(Array.from({ length: 5 }, () => ask('POST', PATH, { user: { name: 'once' } })))
    expect(made.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409])
  })
})

describe('answers', () => {
  const refused = (name: string, user: unknown, expected: ReturnType<typeof bad>) =>
    asked(name, 'POST', PATH, expected, { user })
  const weak = (name: string, password: string, ...fragments: string[]) =>
    refused(
      `400 to a password ${name}`,
      { name: 'Passwort1', email: 'me@home.de', password },
      iamError(400, 'Bad Request', says('The password does not meet the requirements.', 'user.password', ...fragments)),
    )
  runScenarios(
    () => world().target,
    [
      ...needsManager({ method: 'POST', path: PATH, body: { user: { name: 'no' } } }),
      refused('409 to a name that is taken', { name: 'reader' }, conflict(NAME_TAKEN, 'user.name')),
      refused('403 to another domain', { name: 'a', domain_id: 'other' }, FORBIDDEN),
      refused('400 without a name', { password: PASSWORD }, bad('user.name', 'required')),
      refused('400 to null for a name', { name: null }, bad('user.name', 'a string')),
      refused('400 to an empty name', { name: '' }, bad('user.name')),
      refused('400 to a name of 65 characters', { name: 'x'.repeat(65) }, bad('user.name', '64', '65')),
      refused('400 to a name that begins with a digit', { name: '1a' }, bad('user.name')),
      refused('400 to a name with other characters', { name: 'a@b' }, bad('user.name')),
      refused('400 to 256 characters of description', { name: 'a', description: 'x'.repeat(256) }, bad('255', '256')),
      refused('400 to 1025 characters of password', { name: 'a', password: '1x'.repeat(513) }, bad('user.password')),
      refused('400 to a state that is no boolean', { name: 'a', enabled: 1 }, bad('user.enabled')),
      asked('400 without a user', 'POST', PATH, bad('user', 'required'), {}),
      weak('of 7 characters', 'abc-123', '8 characters'),
      weak('of one kind of characters', 'abcdefghij', 'at least two of'),
      weak('that is the user name', 'passwort1', 'user name'),
      weak('that is the user name backwards', '1trowssaP', 'user name'),
      weak('with the address in it', 'xxMe@home.de', 'e-mail'),
      asked(
        '201 at the edges',
        'POST',
        PATH,
        { status: 201 },
        {
          user: { name: 'x'.repeat(64), password: 'abc-1234', description: 'x'.repeat(255) },
        },
      ),
      asked('201 to every character a name may hold', 'POST', PATH, { status: 201 }, { user: { name: '_-. 9zA' } }),
      asked(
        '201 to a password of a whole sentence',
        'POST',
        PATH,
        { status: 201 },
        {
          user: { name: 'sentence', password: 'It was a dark night. '.repeat(40) },
        },
      ),
    ],
  )

  it('never shows a password, whatever is wrong', async () => {
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
