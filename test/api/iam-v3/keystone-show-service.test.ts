import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, needsToken, notFound, withWorld } from './world.ts'

// GET /v3/services/{service_id} (OTC IAM API, "Querying Service Details").

const world = withWorld()

it('each service is shown as in the list', async () => {
  const { ask } = world()
  const list = await ask('GET', '/v3/services')
  for (const service of list.body.services) {
    const { status, body } = await ask('GET', `/v3/services/${service.id}`, undefined, 'reader')
    expect([status, body]).toEqual([200, { service }])
  }
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: '/v3/services/tms' }),
      asked('an unknown id is answered with 404', 'GET', '/v3/services/none', notFound('service_id', 'none')),
      asked(
        'a service type instead of an id is answered with 404',
        'GET',
        '/v3/services/image',
        notFound('service_id'),
      ),
    ],
  ))
