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

describe('makes an access key', () => {
  it('for oneself with any token, and shows the secret this once', async () => {
    const { ask, ids } = world()
    const { status, body } = await create(ids.reader, 'reader', { description: 'laptop' })
    const { secret, ...shown } = body.credential
    expect([status, shown]).toEqual([
      201,
      {
        ...{ access: expect.stringMatching(/^[A-Z0-9]{20}$/), user_id: ids.reader, status: 'active' },
        ...{ create_time: TIME, description: 'laptop' },
      },
    ])
    expect(secret).toMatch(/^[A-Za-z0-9]{40}$/)
    for (const path of [CREDENTIALS, `${CREDENTIALS}/${shown.access}`]) {
      const { text } = await ask('GET', path, undefined, 'reader')
      expect(text).toContain(shown.access)
      expect(text).not.toContain(secret)
    }
  })

  it('for another by an administrator of the domain', async () => {
    const { ids } = world()
    const { status, body } = await create(ids.guest, 'domain', { description: null })
    expect([status, body.credential.user_id, body.credential.description]).toEqual([201, ids.guest, ''])
  })

  it('of two that a user may have, also when several ask at the same time', async () => {
    const { newUser } = world()
    const id = await newUser('greedy')
    const made = await Promise.all(Array.from({ length: 4 }, () => create(id)))
    expect(made.map(({ status }) => status).sort()).toEqual([201, 201, 400, 400])
    const { status, body } = await create(id)
    expect({ status, body }).toEqual(iamError(400, 'Bad Request', says('akSkNumExceed', 'at most 2')))
  })

  it('anew in the place of one that was deleted', async () => {
    const { ask, newUser } = world()
    const id = await newUser('tidy')
    const [one] = [await create(id), await create(id)]
    await ask('DELETE', `${CREDENTIALS}/${one?.body.credential.access}`)
    expect((await create(id)).status).toBe(201)
  })
})

describe('answers', () => {
  const body = { credential: { user_id: '{reader}' } }
  const refused = (name: string, credential: unknown, expected: ReturnType<typeof bad>, token = 'domain') =>
    asked(name, 'POST', CREDENTIALS, expected, { credential }, token)
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'POST', path: CREDENTIALS, body }),
      refused('403 to a user about another', { user_id: 'another' }, FORBIDDEN, 'reader'),
      refused('403 to an administrator of one project', { user_id: 'another' }, FORBIDDEN, 'project'),
      refused('403 to a reader of the domain', { user_id: 'another' }, FORBIDDEN, 'watcher'),
      refused('404 to an unknown user', { user_id: 'none' }, notFound('user_id', 'none')),
      refused('400 without a user', {}, bad('credential.user_id', 'required')),
      refused('400 to 256 characters', { user_id: 'a', description: 'x'.repeat(256) }, bad('255', '256')),
      refused('400 to a user that is no text', { user_id: 1 }, bad('credential.user_id', 'string')),
      asked('400 without a credential', 'POST', CREDENTIALS, bad('credential', 'required'), {}),
    ],
  )
})
