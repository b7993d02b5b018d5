import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, needsToken, notFound, withWorld } from './world.ts'

// GET /v3/regions/{region_id} (OTC IAM API, "Querying Region Details").

const world = withWorld()

it('the region is shown as in the list', async () => {
  const { ask } = world()
  const list = await ask('GET', '/v3/regions')
  const { status, body } = await ask('GET', '/v3/regions/default', undefined, 'reader')
  expect([status, body]).toEqual([200, { region: list.body.regions[0] }])
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: '/v3/regions/default' }),
      asked('another region is answered with 404', 'GET', '/v3/regions/Local', notFound('region_id', 'Local')),
    ],
  ))
