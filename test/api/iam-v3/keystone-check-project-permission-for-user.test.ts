import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { commonErrors, IN_PROJECT, READONLY, TE_ADMIN } from './assignment-cases.ts'
import { withWorld } from './world.ts'

// HEAD /v3/projects/{project_id}/users/{user_id}/roles/{role_id} (Keystone v3).

const world = withWorld()

it.each([
  ['reader', READONLY, 204],
  ['reader', TE_ADMIN, 404],
  ['guest', READONLY, 404],
  // The role applies to the project, but is assigned in the domain.
  ['watcher', READONLY, 404],
])('HEAD answers whether %s has the role %s in the project', async (user, role, expected) => {
  for (const token of ['domain', 'watcher']) {
    const { status, text } = await world().ask('HEAD', `${IN_PROJECT}/users/{${user}}/roles/${role}`, undefined, token)
    expect([status, text]).toEqual([expected, ''])
  }
})

describe('answers to HEAD', () => runScenarios(() => world().target, commonErrors('HEAD', IN_PROJECT)))
