import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { needsToken, withWorld } from './world.ts'

// GET /v3/auth/domains (contract 6.1).

const world = withWorld()
const PATH = '/v3/auth/domains'

it.each(['domain', 'project', 'reader', 'watcher'])('the only domain is listed to the token "%s"', async (token) => {
  const { ask, service, ids } = world()
  const { status, body } = await ask('GET', PATH, undefined, token)
  const links = { self: `${service.url}/v3/domains/${ids.domain}` }
  expect([status, body]).toEqual([
    200,
    {
      domains: [{ id: ids.domain, name: 'default', description: '', enabled: true, links }],
      links: { self: `${service.url}${PATH}`, previous: null, next: null },
    },
  ])
})

describe('answers to GET', () => runScenarios(() => world().target, needsToken({ method: 'GET', path: PATH })))
