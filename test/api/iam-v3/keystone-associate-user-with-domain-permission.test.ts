import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { commonErrors, IN_DOMAIN, TE_ADMIN } from './assignment-cases.ts'
import { newPolicy } from './policies.ts'
import { conflict, LAST_ADMIN, withWorld } from './world.ts'

// PUT /v3/domains/{domain_id}/users/{user_id}/roles/{role_id} (Keystone v3).

const world = withWorld()

it('a role assigned in the domain applies to all its projects', async () => {
  const { ask, newUser, tokenOf } = world()
  const id = await newUser('second')
  const given = await ask('PUT', `${IN_DOMAIN}/users/${id}/roles/${TE_ADMIN}`)
  expect([given.status, given.text]).toEqual([204, ''])
  expect((await ask('GET', '/v3/users', undefined, await tokenOf('second'))).status).toBe(200)
  expect((await ask('GET', '/v3/{other}/tags', undefined, await tokenOf('second', 'other'))).status).toBe(200)
})

it('a custom role cannot be assigned to the last unrestricted administrator, because a Deny could lock the domain', async () => {
  const { ask, ids, newUser } = world()
  const policy = await newPolicy(world(), 'Nothing', ['*:*:*'], 'Deny')
  const path = (user: string) => `${IN_DOMAIN}/users/${user}/roles/${policy.id}`
  const third = await newUser('third')
  await ask('PUT', `${IN_DOMAIN}/users/${third}/roles/${TE_ADMIN}`)
  expect((await ask('PUT', path(third))).status).toBe(204)
  const users = (await ask('GET', '/v3/users?name=second')).body.users
  if (users.length > 0) await ask('DELETE', `/v3/users/${users[0].id}`)
  const { status, body } = await ask('PUT', path(ids.admin as string))
  expect({ status, body }).toEqual(conflict(LAST_ADMIN, 'Deny'))
  expect((await ask('GET', '/v3/users')).status).toBe(200)
})

describe('answers to PUT', () => runScenarios(() => world().target, commonErrors('PUT', IN_DOMAIN)))
