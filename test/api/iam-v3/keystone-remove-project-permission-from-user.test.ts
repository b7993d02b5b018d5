import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { commonErrors, IN_PROJECT, READONLY, TE_ADMIN } from './assignment-cases.ts'
import { asked, notFound, withWorld } from './world.ts'

// DELETE /v3/projects/{project_id}/users/{user_id}/roles/{role_id} (Keystone v3).

const world = withWorld()

it('removing a role in a project applies to existing tokens', async () => {
  const { ask, newUser, tokenOf } = world()
  const path = `${IN_PROJECT}/users/${await newUser('brief')}/roles/${READONLY}`
  await ask('PUT', path)
  const token = await tokenOf('brief', 'default')
  const status = async () => (await ask('GET', '/v3/{project}/tags', undefined, token)).status
  expect(await status()).toBe(200)
  const taken = await ask('DELETE', path)
  expect([taken.status, taken.text]).toEqual([204, ''])
  expect(await status()).toBe(401)
  expect(await tokenOf('brief', 'default')).toBe('')
  expect((await ask('DELETE', path)).status).toBe(404)
})

it('the project role of an administrator can be removed, who keeps the domain role', async () => {
  const { ask, service } = world()
  await ask('PUT', `${IN_PROJECT}/users/{admin}/roles/${TE_ADMIN}`)
  expect((await ask('DELETE', `${IN_PROJECT}/users/{admin}/roles/${TE_ADMIN}`)).status).toBe(204)
  expect(await service.tokenFor('default')).not.toBe('')
})

describe('answers to DELETE', () =>
  runScenarios(
    () => world().target,
    [
      ...commonErrors('DELETE', IN_PROJECT),
      asked(
        'a role that the user has only in the domain is answered with 404',
        'DELETE',
        `${IN_PROJECT}/users/{watcher}/roles/${READONLY}`,
        notFound('role_id', READONLY),
      ),
    ],
  ))
