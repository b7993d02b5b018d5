import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { commonErrors, IN_DOMAIN, READONLY, TE_ADMIN } from './assignment-cases.ts'
import { asked, conflict, LAST_ADMIN, notFound, withWorld } from './world.ts'

// DELETE /v3/domains/{domain_id}/users/{user_id}/roles/{role_id} (Keystone v3).

const world = withWorld()

it('removing a role in the domain applies to existing tokens', async () => {
  const { ask, newUser, tokenOf } = world()
  const path = `${IN_DOMAIN}/users/${await newUser('brief')}/roles/${READONLY}`
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

it('the role of the last administrator of the domain cannot be removed', async () => {
  const { ask, ids, newUser } = world()
  const path = (user: string) => `${IN_DOMAIN}/users/${user}/roles/${TE_ADMIN}`
  const refused = await ask('DELETE', path('{admin}'))
  expect({ status: refused.status, body: refused.body }).toEqual(conflict(LAST_ADMIN))
  const second = await newUser('second')
  await ask('PUT', path(second))
  expect((await ask('DELETE', path(second))).status).toBe(204)
  await ask('PUT', path(second))
  await ask('PATCH', `/v3/users/${second}`, { user: { enabled: false } })
  expect((await ask('DELETE', path(ids.admin as string))).status).toBe(409)
})

describe('answers to DELETE', () =>
  runScenarios(
    () => world().target,
    [
      ...commonErrors('DELETE', IN_DOMAIN),
      asked(
        'a role that the user has only in a project is answered with 404',
        'DELETE',
        `${IN_DOMAIN}/users/{reader}/roles/${READONLY}`,
        notFound('role_id', READONLY),
      ),
    ],
  ))
