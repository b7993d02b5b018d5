import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { withWorld } from './world.ts'

// GET /v3 (contract 7: what openstackclient needs).

const world = withWorld()

describe('showing the version of the API', () => {
  it.each(['/v3', '/v3/', '/v3?a=1'])('the version is shown at %s without a token', async (path) => {
    const { service } = world()
    const { status, body } = await service.call('GET', path, { token: null })
    expect([status, body]).toEqual([
      200,
      {
        version: {
          id: 'v3.6',
          status: 'stable',
          updated: '2016-04-04T00:00:00Z',
          links: [{ rel: 'self', href: `${service.url}/v3/` }],
          'media-types': [{ type: 'application/vnd.openstack.identity-v3+json', base: 'application/json' }],
        },
      },
    ])
  })

  runScenarios(
    () => world().target,
    [
      {
        name: 'the version is shown with any token',
        request: { method: 'GET', path: '/v3', headers: { 'x-auth-token': 'x' } },
        status: 200,
      },
      { name: 'a POST request is answered with 405', request: { method: 'POST', path: '/v3', body: {} }, status: 405 },
    ],
  )
})
