import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { IN_DOMAIN, READONLY } from './assignment-cases.ts'
import { give, newPolicy } from './policies.ts'
import { asked, FORBIDDEN, needsDomain, notFound, withWorld } from './world.ts'

// GET /v3/domains/{domain_id}/users/{user_id}/roles (Keystone v3).

const world = withWorld()

it('the roles assigned to a user in the domain are listed as in the list of roles', async () => {
  const { ask, ids, service } = world()
  const { id } = await newPolicy(world(), 'Taggers', ['ims:images:update'])
  await give(world(), 'domains/{domain}', ids.watcher as string, id)
  const all = (await ask('GET', '/v3/roles')).body.roles as { id: string }[]
  for (const token of ['domain', 'watcher']) {
    const { status, body } = await ask('GET', `${IN_DOMAIN}/users/{watcher}/roles`, undefined, token)
    const self = `${service.url}/v3/domains/${ids.domain}/users/${ids.watcher}/roles`
    expect([status, body.links, body.total_number]).toEqual([200, { self, previous: null, next: null }, 2])
    expect(new Set(body.roles)).toEqual(new Set(all.filter((role) => [READONLY, id].includes(role.id))))
  }
})

it('roles assigned elsewhere are not listed', async () => {
  expect((await world().ask('GET', `${IN_DOMAIN}/users/{guest}/roles`)).body).toMatchObject({
    roles: [],
    total_number: 0,
  })
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsDomain({ method: 'GET', path: `${IN_DOMAIN}/users/{reader}/roles` }),
      asked(
        'an unknown user is answered with 404',
        'GET',
        `${IN_DOMAIN}/users/none/roles`,
        notFound('user_id', 'none'),
      ),
      asked(
        'a request for another domain is answered with 403',
        'GET',
        '/v3/domains/other/users/{reader}/roles',
        FORBIDDEN,
      ),
    ],
  ))
