import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { newPolicy } from './policies.ts'
import { asked, needsDomain, notFound, withWorld } from './world.ts'

// GET /v3.0/OS-ROLE/roles/{role_id} (OTC IAM API, "Querying Custom Policy Details").

const world = withWorld()
const PATH = '/v3.0/OS-ROLE/roles'

it('a custom policy is shown as in the list, to domain readers too', async () => {
  const { ask } = world()
  const made = await newPolicy(world(), 'Taggers', ['ims:images:update'])
  const { status, body } = await ask('GET', `${PATH}/${made.id}`, undefined, 'watcher')
  expect([status, body]).toEqual([200, { role: { ...made, references: 0 } }])
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsDomain({ method: 'GET', path: `${PATH}/none` }),
      asked('an unknown id is answered with 404', 'GET', `${PATH}/none`, notFound('role_id', 'none')),
      asked(
        'a system role is answered with 404',
        'GET',
        `${PATH}/b3a1c5d0e64f4c0f9a7d2e8f10000001`,
        notFound('role_id'),
      ),
    ],
  ))
