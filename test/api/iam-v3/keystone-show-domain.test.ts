import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, needsToken, notFound, withWorld } from './world.ts'

// GET /v3/domains/{domain_id} (Keystone v3, "Show domain details").

const world = withWorld()
const PATH = '/v3/domains/{domain}'

it.each(['domain', 'project', 'reader', 'watcher'])('shows the domain as the list does to %s', async (token) => {
  const { ask } = world()
  const list = await ask('GET', '/v3/domains')
  const { status, body } = await ask('GET', PATH, undefined, token)
  expect([status, body]).toEqual([200, { domain: list.body.domains[0] }])
})

describe('answers', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: PATH }),
      asked('404 to an unknown id', 'GET', '/v3/domains/none', notFound('domain_id', 'none')),
      asked('404 to a reader too', 'GET', '/v3/domains/none', notFound('domain_id', 'none'), undefined, 'reader'),
      asked('404 to a name, which clients then look for', 'GET', '/v3/domains/default', notFound('domain_id')),
    ],
  ))
