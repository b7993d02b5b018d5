import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { CREDENTIALS, commonErrors, expectKeyAccess, newKey } from './access-key-cases.ts'
import { withWorld } from './world.ts'

// GET /v3.0/OS-CREDENTIAL/credentials/{access_key} (OTC IAM API, "Querying a Permanent Access Key").

const world = withWorld()

it('an access key is shown to its owner without its secret', async () => {
  const { ask, ids } = world()
  const key = await newKey(world(), ids.reader, 'laptop')
  const { status, body } = await ask('GET', `${CREDENTIALS}/${key.access}`, undefined, 'reader')
  expect([status, body]).toEqual([200, { credential: key }])
})

it("domain administrators and readers can see another user's access key", () =>
  expectKeyAccess(world(), 'GET', undefined, true))

describe('answers to GET', () => runScenarios(() => world().target, commonErrors('GET')))
