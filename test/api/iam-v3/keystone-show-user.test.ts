import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, FORBIDDEN, needsToken, notFound, withWorld } from './world.ts'

// GET /v3/users/{user_id} (OTC IAM API, "Querying User Details").

const world = withWorld()

it.each(['domain', 'watcher', 'reader'])('a user is shown as in the list to the token "%s"', async (token) => {
  const { ask } = world()
  const list = await ask('GET', '/v3/users?name=reader')
  const { status, body } = await ask('GET', '/v3/users/{reader}', undefined, token)
  expect([status, body]).toEqual([200, { user: list.body.users[0] }])
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: '/v3/users/{reader}' }),
      asked(
        'a user who asks for another user is answered with 403',
        'GET',
        '/v3/users/{guest}',
        FORBIDDEN,
        undefined,
        'reader',
      ),
      asked(
        'a user who asks for an unknown user is answered with 403',
        'GET',
        '/v3/users/none',
        FORBIDDEN,
        undefined,
        'reader',
      ),
      asked(
        'an administrator of one project is answered with 403',
        'GET',
        '/v3/users/{reader}',
        FORBIDDEN,
        undefined,
        'project',
      ),
      asked('an unknown id is answered with 404', 'GET', '/v3/users/none', notFound('user_id', 'none')),
      asked('a name instead of an id is answered with 404', 'GET', '/v3/users/reader', notFound('user_id')),
    ],
  ))
