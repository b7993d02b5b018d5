import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { newPolicy } from './policies.ts'
import { asked, needsDomain, notFound, withWorld } from './world.ts'

// GET /v3.0/OS-ROLE/roles/{role_id} (OTC IAM API, "Querying Custom Policy Details").

const world = withWorld()
const PATH = '/v3.0/OS-ROLE/roles'

it('shows a custom policy as the list does, to readers of the domain too', async () => {
  const { ask } = world()
  const made = await newPolicy(world(), 'Taggers', ['ims:images:update'])
  const { status, body } = await ask('GET', `${PATH}/${made.id}`, undefined, 'watcher')
  expect([status, body]).toEqual([200, { role: { ...made, references: 0 } }])
})

describe('answers', () =>
  runScenarios(
    () => world().target,
    [
      ...needsDomain({ method: 'GET', path: `${PATH}/none` }),
      asked('404 to an unknown id', 'GET', `${PATH}/none`, notFound('role_id', 'none')),
      asked(
        '404 to a role that came with the service',
        'GET',
        `${PATH}/b3a1c5d0e64f4c0f9a7d2e8f10000001`,
        notFound('role_id'),
      ),
    ],
  ))
