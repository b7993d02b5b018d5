import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, FORBIDDEN, needsToken, notFound, withWorld } from './world.ts'

// GET /v3/users/{user_id} (OTC IAM API, "Querying User Details").

const world = withWorld()

it.each(['domain', 'watcher', 'reader'])('shows a user as the list does to %s', async (token) => {
  const { ask } = world()
  const list = await ask('GET', '/v3/users?name=reader')
  const { status, body } = await ask('GET', '/v3/users/{reader}', undefined, token)
  expect([status, body]).toEqual([200, { user: list.body.users[0] }])
})

describe('answers', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: '/v3/users/{reader}' }),
      asked('403 to a user about another', 'GET', '/v3/users/{guest}', FORBIDDEN, undefined, 'reader'),
      asked('403 to a user about nobody', 'GET', '/v3/users/none', FORBIDDEN, undefined, 'reader'),
      asked('403 to an administrator of one project', 'GET', '/v3/users/{reader}', FORBIDDEN, undefined, 'project'),
      asked('404 to an unknown id', 'GET', '/v3/users/none', notFound('user_id', 'none')),
      asked('404 to a name', 'GET', '/v3/users/reader', notFound('user_id')),
    ],
  ))
