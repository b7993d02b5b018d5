import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { needsToken, withWorld } from './world.ts'

// GET /v3/regions (OTC IAM API, "Querying a Region List").

const world = withWorld()

it('the only region is listed', async () => {
  const { ask, service } = world()
  const { status, body } = await ask('GET', '/v3/regions', undefined, 'reader')
  const region = {
    id: 'default',
    type: 'public',
    description: '',
    parent_region_id: null,
    locales: { 'en-us': 'default', 'zh-cn': 'default' },
    links: { self: `${service.url}/v3/regions/default` },
  }
  const links = { self: `${service.url}/v3/regions`, previous: null, next: null }
  expect([status, body]).toEqual([200, { regions: [region], links }])
})

it('no region has a parent', async () => {
  const { body } = await world().ask('GET', '/v3/regions?parent_region_id=default')
  expect(body.regions).toEqual([])
})

describe('answers to GET', () => runScenarios(() => world().target, needsToken({ method: 'GET', path: '/v3/regions' })))
