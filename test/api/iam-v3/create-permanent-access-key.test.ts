import { describe, expect, it } from 'vitest'
import { iamError, says } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { CREDENTIALS } from './access-key-cases.ts'
import { TIME } from './accounts.ts'
import { asked, bad, FORBIDDEN, needsToken, notFound, withWorld } from './world.ts'

// POST /v3.0/OS-CREDENTIAL/credentials (OTC IAM API, "Creating a Permanent Access Key").

const world = withWorld()

const create = (user_id: unknown, token = 'domain', own = {}) =>
  world().ask('POST', CREDENTIALS, { credential: { user_id, ...own } }, token)

describe('creating an access key', () => {
  it('a user creates an own access key with any token, and only this answer has the secret', async () => {
    const { ask, ids } = world()
    const { status, body } = await create(ids.reader, 'reader', { description: 'laptop' })
    const { secret, ...shown } = body.credential
    expect([status, shown]).toEqual([
      201,
      {
        access: expect.stringMatching(/^[A-Z0-9]{20}$/),
        user_id: ids.reader,
        status: 'active',
        create_time: TIME,
        description: 'laptop',
      },
    ])
    expect(secret).toMatch(/^[A-Za-z0-9]{40}$/)
    for (const path of [CREDENTIALS, `${CREDENTIALS}/${shown.access}`]) {
      const { text } = await ask('GET', path, undefined, 'reader')
      expect(text).toContain(shown.access)
      expect(text).not.toContain(secret)
    }
  })

  it('a domain administrator creates an access key for another user', async () => {
    const { ids } = world()
    const { status, body } = await create(ids.guest, 'domain', { description: null })
    expect([status, body.credential.user_id, body.credential.description]).toEqual([201, ids.guest, ''])
  })

  it('a user can have two access keys, also under concurrent requests', async () => {
    const { newUser } = world()
    const id = await newUser('greedy')
    const made = await Promise.all(Array.from({ length: 4 }, () => create(id)))
    expect(made.map(({ status }) => status).sort()).toEqual([201, 201, 400, 400])
    const { status, body } = await create(id)
    expect({ status, body }).toEqual(iamError(400, 'Bad Request', says('akSkNumExceed', 'at most 2')))
  })

  it('a deleted access key can be replaced', async () => {
    const { ask, newUser } = world()
    const id = await newUser('tidy')
    const [one] = [await create(id), await create(id)]
    await ask('DELETE', `${CREDENTIALS}/${one?.body.credential.access}`)
    expect((await create(id)).status).toBe(201)
  })
})

describe('answers to POST', () => {
  const body = { credential: { user_id: '{reader}' } }
  const refused = (name: string, credential: unknown, expected: ReturnType<typeof bad>, token = 'domain') =>
    asked(name, 'POST', CREDENTIALS, expected, { credential }, token)
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'POST', path: CREDENTIALS, body }),
      refused('a user who asks for another user is answered with 403', { user_id: 'another' }, FORBIDDEN, 'reader'),
      refused('an administrator of one project is answered with 403', { user_id: 'another' }, FORBIDDEN, 'project'),
      refused('a reader of the domain is answered with 403', { user_id: 'another' }, FORBIDDEN, 'watcher'),
      refused('an unknown user is answered with 404', { user_id: 'none' }, notFound('user_id', 'none')),
      refused('a request without a user is answered with 400', {}, bad('credential.user_id', 'required')),
      refused(
        'a description of 256 characters is answered with 400',
        { user_id: 'a', description: 'x'.repeat(256) },
        bad('255', '256'),
      ),
      refused(
        'a user id that is not a string is answered with 400',
        { user_id: 1 },
        bad('credential.user_id', 'string'),
      ),
      asked(
        'a request without a credential is answered with 400',
        'POST',
        CREDENTIALS,
        bad('credential', 'required'),
        {},
      ),
    ],
  )
})
