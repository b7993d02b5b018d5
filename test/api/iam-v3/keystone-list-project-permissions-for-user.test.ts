import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { IN_PROJECT, READONLY } from './assignment-cases.ts'
import { give, newPolicy } from './policies.ts'
import { asked, needsDomain, notFound, withWorld } from './world.ts'

// GET /v3/projects/{project_id}/users/{user_id}/roles (Keystone v3).

const world = withWorld()

it('the roles assigned to a user in the project are listed as in the list of roles', async () => {
  const { ask, ids, service } = world()
  const { id } = await newPolicy(world(), 'Taggers', ['ims:images:update'])
  await give(world(), 'projects/{project}', ids.reader as string, id)
  const all = (await ask('GET', '/v3/roles')).body.roles as { id: string }[]
  for (const token of ['domain', 'watcher']) {
    const { status, body } = await ask('GET', `${IN_PROJECT}/users/{reader}/roles`, undefined, token)
    const self = `${service.url}/v3/projects/${ids.project}/users/${ids.reader}/roles`
    expect([status, body.links, body.total_number]).toEqual([200, { self, previous: null, next: null }, 2])
    expect(new Set(body.roles)).toEqual(new Set(all.filter((role) => [READONLY, id].includes(role.id))))
  }
})

it('roles assigned elsewhere are not listed', async () => {
  expect((await world().ask('GET', `${IN_PROJECT}/users/{guest}/roles`)).body).toMatchObject({
    roles: [],
    total_number: 0,
  })
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsDomain({ method: 'GET', path: `${IN_PROJECT}/users/{reader}/roles` }),
      asked(
        'an unknown user is answered with 404',
        'GET',
        `${IN_PROJECT}/users/none/roles`,
        notFound('user_id', 'none'),
      ),
      asked(
        'an unknown project is answered with 404',
        'GET',
        '/v3/projects/none/users/{reader}/roles',
        notFound('project_id', 'none'),
      ),
    ],
  ))
