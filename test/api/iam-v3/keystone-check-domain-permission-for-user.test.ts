import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { commonErrors, IN_DOMAIN, READONLY, TE_ADMIN } from './assignment-cases.ts'
import { withWorld } from './world.ts'

// HEAD /v3/domains/{domain_id}/users/{user_id}/roles/{role_id} (Keystone v3).

const world = withWorld()

it.each([
  ['admin', TE_ADMIN, 204],
  ['admin', READONLY, 404],
  ['watcher', READONLY, 204],
  ['reader', READONLY, 404],
])('HEAD answers whether %s has the role %s in the domain', async (user, role, expected) => {
  for (const token of ['domain', 'watcher']) {
    const { status, text } = await world().ask('HEAD', `${IN_DOMAIN}/users/{${user}}/roles/${role}`, undefined, token)
    expect([status, text]).toEqual([expected, ''])
  }
})

describe('answers to HEAD', () => runScenarios(() => world().target, commonErrors('HEAD', IN_DOMAIN)))
