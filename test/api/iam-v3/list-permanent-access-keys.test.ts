import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { CREDENTIALS, newKey } from './access-key-cases.ts'
import { asked, bad, FORBIDDEN, needsToken, notFound, withWorld } from './world.ts'

// GET /v3.0/OS-CREDENTIAL/credentials (OTC IAM API, "Listing Permanent Access Keys").

const world = withWorld()

it("the caller's own access keys are listed by default, oldest first", async () => {
  const { ask, ids } = world()
  const own = [await newKey(world(), ids.reader, 'one'), await newKey(world(), ids.reader, 'two')]
  for (const query of ['', `?user_id=${ids.reader}`]) {
    const { status, body } = await ask('GET', CREDENTIALS + query, undefined, 'reader')
    expect(status).toBe(200)
    expect(new Set(body.credentials)).toEqual(new Set(own))
  }
  expect((await ask('GET', CREDENTIALS, undefined, 'project')).body).toEqual({ credentials: [] })
})

it('domain administrators and readers can list the access keys of another user', async () => {
  const { ask, ids } = world()
  const key = await newKey(world(), ids.guest)
  for (const token of ['domain', 'watcher']) {
    const { body } = await ask('GET', `${CREDENTIALS}?user_id=${ids.guest}`, undefined, token)
    expect(body).toEqual({ credentials: [key] })
  }
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: CREDENTIALS }),
      asked(
        'a user who asks for another user is answered with 403',
        'GET',
        `${CREDENTIALS}?user_id={guest}`,
        FORBIDDEN,
        undefined,
        'reader',
      ),
      asked(
        'a user without access who asks for an unknown user is answered with 403',
        'GET',
        `${CREDENTIALS}?user_id=none`,
        FORBIDDEN,
        undefined,
        'project',
      ),
      asked('an unknown user is answered with 404', 'GET', `${CREDENTIALS}?user_id=none`, notFound('user_id', 'none')),
      asked(
        'a repeated user parameter is answered with 400',
        'GET',
        `${CREDENTIALS}?user_id=a&user_id=b`,
        bad('user_id'),
      ),
    ],
  ))
