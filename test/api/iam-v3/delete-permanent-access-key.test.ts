import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { CREDENTIALS, keepsToOwnKeys, newKey, refusedAlike } from './access-key-cases.ts'
import { withWorld } from './world.ts'

// DELETE /v3.0/OS-CREDENTIAL/credentials/{access_key} (OTC IAM API, "Deleting a Permanent Access Key").

const world = withWorld()

it('deletes a key of the caller', async () => {
  const { ask, ids } = world()
  const { access } = await newKey(world(), ids.reader)
  const path = `${CREDENTIALS}/${access}`
  const deleted = await ask('DELETE', path, undefined, 'reader')
  expect([deleted.status, deleted.text]).toEqual([204, ''])
  expect((await ask('GET', path, undefined, 'reader')).status).toBe(404)
  expect((await ask('DELETE', path, undefined, 'reader')).status).toBe(404)
})

it('and of others for who manages the domain', () => keepsToOwnKeys(world(), 'DELETE', undefined, false))

describe('answers', () => runScenarios(() => world().target, refusedAlike('DELETE')))
