import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { CREDENTIALS, newKey } from './access-key-cases.ts'
import { asked, bad, FORBIDDEN, needsToken, notFound, withWorld } from './world.ts'

// GET /v3.0/OS-CREDENTIAL/credentials (OTC IAM API, "Listing Permanent Access Keys").

const world = withWorld()

it("lists the caller's own keys unless another user is named, oldest first", async () => {
  const { ask, ids } = world()
  const own = [await newKey(world(), ids.reader, 'one'), await newKey(world(), ids.reader, 'two')]
  for (const query of ['', `?user_id=${ids.reader}`]) {
    const { status, body } = await ask('GET', CREDENTIALS + query, undefined, 'reader')
    expect(status).toBe(200)
    expect(new Set(body.credentials)).toEqual(new Set(own))
  }
  expect((await ask('GET', CREDENTIALS, undefined, 'project')).body).toEqual({ credentials: [] })
})

it('lists those of another to who manages the domain, also to readers of it', async () => {
  const { ask, ids } = world()
  const key = await newKey(world(), ids.guest)
  for (const token of ['domain', 'watcher']) {
    const { body } = await ask('GET', `${CREDENTIALS}?user_id=${ids.guest}`, undefined, token)
    expect(body).toEqual({ credentials: [key] })
  }
})

describe('answers', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: CREDENTIALS }),
      asked('403 about another user', 'GET', `${CREDENTIALS}?user_id={guest}`, FORBIDDEN, undefined, 'reader'),
      asked('403 about nobody', 'GET', `${CREDENTIALS}?user_id=none`, FORBIDDEN, undefined, 'project'),
      asked('404 to an unknown user', 'GET', `${CREDENTIALS}?user_id=none`, notFound('user_id', 'none')),
      asked('400 to two users', 'GET', `${CREDENTIALS}?user_id=a&user_id=b`, bad('user_id')),
    ],
  ))
