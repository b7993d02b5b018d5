import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { IN_PROJECT, READONLY, refusedAlike, TE_ADMIN } from './assignment-cases.ts'
import { withWorld } from './world.ts'

// HEAD /v3/projects/{project_id}/users/{user_id}/roles/{role_id} (Keystone v3).

const world = withWorld()

it.each([
  ['reader', READONLY, 204],
  ['reader', TE_ADMIN, 404],
  ['guest', READONLY, 404],
  // The role counts in the project, but lies in the domain.
  ['watcher', READONLY, 404],
])('says whether %s has %s in the project itself', async (user, role, expected) => {
  for (const token of ['domain', 'watcher']) {
    const { status, text } = await world().ask('HEAD', `${IN_PROJECT}/users/{${user}}/roles/${role}`, undefined, token)
    expect([status, text]).toEqual([expected, ''])
  }
})

describe('answers', () => runScenarios(() => world().target, refusedAlike('HEAD', IN_PROJECT)))
