import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { CREDENTIALS, keepsToOwnKeys, newKey, refusedAlike } from './access-key-cases.ts'
import { withWorld } from './world.ts'

// GET /v3.0/OS-CREDENTIAL/credentials/{access_key} (OTC IAM API, "Querying a Permanent Access Key").

const world = withWorld()

it('shows a key without its secret to its owner', async () => {
  const { ask, ids } = world()
  const key = await newKey(world(), ids.reader, 'laptop')
  const { status, body } = await ask('GET', `${CREDENTIALS}/${key.access}`, undefined, 'reader')
  expect([status, body]).toEqual([200, { credential: key }])
})

it('and to who manages the domain, also to readers of it', () => keepsToOwnKeys(world(), 'GET', undefined, true))

describe('answers', () => runScenarios(() => world().target, refusedAlike('GET')))
