import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { CREDENTIALS, commonErrors, expectKeyAccess, newKey } from './access-key-cases.ts'
import { withWorld } from './world.ts'

// DELETE /v3.0/OS-CREDENTIAL/credentials/{access_key} (OTC IAM API, "Deleting a Permanent Access Key").

const world = withWorld()

it('a user deletes an own access key', async () => {
  const { ask, ids } = world()
  const { access } = await newKey(world(), ids.reader)
  const path = `${CREDENTIALS}/${access}`
  const deleted = await ask('DELETE', path, undefined, 'reader')
  expect([deleted.status, deleted.text]).toEqual([204, ''])
  expect((await ask('GET', path, undefined, 'reader')).status).toBe(404)
  expect((await ask('DELETE', path, undefined, 'reader')).status).toBe(404)
})

it("a domain administrator deletes another user's access key", () =>
  expectKeyAccess(world(), 'DELETE', undefined, false))

describe('answers to DELETE', () => runScenarios(() => world().target, commonErrors('DELETE')))
