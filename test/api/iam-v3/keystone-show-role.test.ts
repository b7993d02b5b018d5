import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { newPolicy } from './policies.ts'
import { asked, needsDomain, notFound, withWorld } from './world.ts'

// GET /v3/roles/{role_id} (OTC IAM API, "Querying Role Details").

const world = withWorld()
const ADMIN = '/v3/roles/b3a1c5d0e64f4c0f9a7d2e8f10000001'

it('each role is shown as in the list, to domain readers too', async () => {
  const { ask } = world()
  await newPolicy(world(), 'Taggers', ['ims:images:update'])
  const list = await ask('GET', '/v3/roles')
  expect(list.body.roles).toHaveLength(3)
  for (const role of list.body.roles) {
    const { status, body } = await ask('GET', `/v3/roles/${role.id}`, undefined, 'watcher')
    expect([status, body]).toEqual([200, { role }])
  }
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsDomain({ method: 'GET', path: ADMIN }),
      asked('an unknown id is answered with 404', 'GET', '/v3/roles/none', notFound('role_id', 'none')),
      asked('a name instead of an id is answered with 404', 'GET', '/v3/roles/te_admin', notFound('role_id')),
    ],
  ))
