import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { give, newPolicy } from './policies.ts'
import { asked, conflict, needsManager, notFound, withWorld } from './world.ts'

// DELETE /v3.0/OS-ROLE/roles/{role_id} (OTC IAM API, "Deleting a Custom Policy").

const world = withWorld()
const PATH = '/v3.0/OS-ROLE/roles'

it('deletes a custom policy, whose name is free afterwards', async () => {
  const { ask } = world()
  const { id } = await newPolicy(world(), 'Gone', ['ims:images:list'])
  const deleted = await ask('DELETE', `${PATH}/${id}`)
  expect([deleted.status, deleted.text]).toEqual([204, ''])
  expect((await ask('GET', `${PATH}/${id}`)).status).toBe(404)
  expect((await ask('DELETE', `${PATH}/${id}`)).status).toBe(404)
  expect((await newPolicy(world(), 'Gone', ['ims:images:list'])).id).not.toBe(id)
})

it('but not while somebody has it', async () => {
  const { ask, ids } = world()
  const { id } = await newPolicy(world(), 'Held', ['ims:images:list'])
  await give(world(), 'projects/{project}', ids.reader as string, id)
  const { status, body } = await ask('DELETE', `${PATH}/${id}`)
  expect({ status, body }).toEqual(conflict('The role is still assigned.'))
  await ask('DELETE', `/v3/projects/{project}/users/{reader}/roles/${id}`)
  expect((await ask('DELETE', `${PATH}/${id}`)).status).toBe(204)
})

describe('answers', () =>
  runScenarios(
    () => world().target,
    [
      ...needsManager({ method: 'DELETE', path: `${PATH}/none` }),
      asked('404 to an unknown id', 'DELETE', `${PATH}/none`, notFound('role_id', 'none')),
      asked(
        '404 to a role that came with the service',
        'DELETE',
        `${PATH}/b3a1c5d0e64f4c0f9a7d2e8f10000001`,
        notFound('role_id'),
      ),
    ],
  ))
