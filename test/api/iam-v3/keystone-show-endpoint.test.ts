import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, needsToken, notFound, withWorld } from './world.ts'

// GET /v3/endpoints/{endpoint_id} (OTC IAM API, "Querying Endpoint Details").

const world = withWorld()

it('each endpoint is shown as in the list', async () => {
  const { ask } = world()
  const list = await ask('GET', '/v3/endpoints')
  for (const endpoint of list.body.endpoints) {
    const { status, body } = await ask('GET', `/v3/endpoints/${endpoint.id}`, undefined, 'reader')
    expect([status, body]).toEqual([200, { endpoint }])
  }
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: '/v3/endpoints/tms-public' }),
      asked('an unknown id is answered with 404', 'GET', '/v3/endpoints/none', notFound('endpoint_id', 'none')),
    ],
  ))
