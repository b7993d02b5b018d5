import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { give, newPolicy } from './policies.ts'
import { asked, conflict, needsManager, notFound, withWorld } from './world.ts'

// DELETE /v3.0/OS-ROLE/roles/{role_id} (OTC IAM API, "Deleting a Custom Policy").

const world = withWorld()
const PATH = '/v3.0/OS-ROLE/roles'

it('the name of a deleted custom policy can be used again', async () => {
  const { ask } = world()
  const { id } = await newPolicy(world(), 'Gone', ['ims:images:list'])
  const deleted = await ask('DELETE', `${PATH}/${id}`)
  expect([deleted.status, deleted.text]).toEqual([200, ''])
  expect((await ask('GET', `${PATH}/${id}`)).status).toBe(404)
  expect((await ask('DELETE', `${PATH}/${id}`)).status).toBe(404)
  expect((await newPolicy(world(), 'Gone', ['ims:images:list'])).id).not.toBe(id)
})

it('a custom policy with assignments cannot be deleted', async () => {
  const { ask, ids } = world()
  const { id } = await newPolicy(world(), 'Held', ['ims:images:list'])
  await give(world(), 'projects/{project}', ids.reader as string, id)
  const { status, body } = await ask('DELETE', `${PATH}/${id}`)
  expect({ status, body }).toEqual(conflict('The role is still assigned.'))
  await ask('DELETE', `/v3/projects/{project}/users/{reader}/roles/${id}`)
  expect((await ask('DELETE', `${PATH}/${id}`)).status).toBe(200)
})

describe('answers to DELETE', () =>
  runScenarios(
    () => world().target,
    [
      ...needsManager({ method: 'DELETE', path: `${PATH}/none` }),
      asked('an unknown id is answered with 404', 'DELETE', `${PATH}/none`, notFound('role_id', 'none')),
      asked(
        'a system role is answered with 404',
        'DELETE',
        `${PATH}/b3a1c5d0e64f4c0f9a7d2e8f10000001`,
        notFound('role_id'),
      ),
    ],
  ))
