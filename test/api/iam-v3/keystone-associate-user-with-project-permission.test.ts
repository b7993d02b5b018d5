import { describe, expect, it } from 'vitest'
import { iamError, says } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { commonErrors, IN_PROJECT, READONLY, TE_ADMIN } from './assignment-cases.ts'
import { give, newPolicy } from './policies.ts'
import { withWorld } from './world.ts'

// PUT /v3/projects/{project_id}/users/{user_id}/roles/{role_id} (Keystone v3).

const world = withWorld()

it('a role assigned in a project applies only there, to existing tokens from the next request on', async () => {
  const { ask, tokenOf } = world()
  const token = await tokenOf('reader', 'default')
  const add = () => ask('POST', '/v3/{project}/instances/none/tags/action', { action: 'create', tags: [] }, token)
  expect((await add()).status).toBe(403)
  const given = await ask('PUT', `${IN_PROJECT}/users/{reader}/roles/${TE_ADMIN}`)
  expect([given.status, given.text]).toEqual([204, ''])
  expect((await add()).status).not.toBe(403)
  expect(await tokenOf('reader', 'other')).toBe('')
  expect((await ask('GET', '/v3/users', undefined, token)).status).toBe(403)
})

it('assigning a role again changes nothing', async () => {
  const { ask } = world()
  for (let i = 0; i < 2; i++) {
    expect((await ask('PUT', `${IN_PROJECT}/users/{guest}/roles/${READONLY}`)).status).toBe(204)
  }
  expect((await ask('GET', `${IN_PROJECT}/users/{guest}/roles`)).body.roles).toHaveLength(1)
})

it('a custom role can be assigned in a project to the last administrator of the domain', async () => {
  const { ids, service } = world()
  const { id } = await newPolicy(world(), 'Nothing', ['*:*:*'], 'Deny')
  await give(world(), 'projects/{other}', ids.admin as string, id)
  const token = await service.tokenFor('other')
  expect((await service.call('GET', `/v3/${ids.other}/tags`, { token })).status).toBe(403)
  expect((await world().ask('GET', '/v3/users')).status).toBe(200)
})

it('a user can have 20 custom roles in a project and no more', async () => {
  const { ask, newUser } = world()
  const path = `${IN_PROJECT}/users/${await newUser('collector')}/roles`
  const statuses: number[] = []
  for (let n = 1; n <= 21; n++) {
    const { id } = await newPolicy(world(), `policy ${n}`, ['ims:images:list'])
    const { status, body } = await ask('PUT', `${path}/${id}`)
    statuses.push(status)
    if (status !== 204) {
      const text = says(
        'The user has too many custom policies there.',
        'custom policies of the user there',
        'at most 20',
      )
      expect(body).toEqual(iamError(400, 'Bad Request', text).body)
    }
  }
  expect(statuses).toEqual([...Array(20).fill(204), 400])
  expect((await ask('GET', path)).body.roles).toHaveLength(20)
})

describe('answers to PUT', () => runScenarios(() => world().target, commonErrors('PUT', IN_PROJECT)))
