import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, needsToken, notFound, withWorld } from './world.ts'

// GET /v3/domains/{domain_id} (Keystone v3, "Show domain details").

const world = withWorld()
const PATH = '/v3/domains/{domain}'

it.each(['domain', 'project', 'reader', 'watcher'])(
  'the domain is shown as in the list to the token "%s"',
  async (token) => {
    const { ask } = world()
    const list = await ask('GET', '/v3/domains')
    const { status, body } = await ask('GET', PATH, undefined, token)
    expect([status, body]).toEqual([200, { domain: list.body.domains[0] }])
  },
)

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsToken({ method: 'GET', path: PATH }),
      asked('an unknown id is answered with 404', 'GET', '/v3/domains/none', notFound('domain_id', 'none')),
      asked(
        'a reader who asks for an unknown domain is answered with 404',
        'GET',
        '/v3/domains/none',
        notFound('domain_id', 'none'),
        undefined,
        'reader',
      ),
      asked(
        'a name instead of an id is answered with 404, so that clients search by name',
        'GET',
        '/v3/domains/default',
        notFound('domain_id'),
      ),
    ],
  ))
