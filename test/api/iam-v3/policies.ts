import { expect } from 'vitest'
import type { World } from './world.ts'

/** A policy document with one statement. */
export function policyOf(actions: readonly string[], effect = 'Allow') {
  return { Version: '1.1', Statement: [{ Effect: effect, Action: actions }] }
}

/** Creates a custom policy and returns its view. */
export async function newPolicy(world: World, display_name: string, actions: readonly string[], effect = 'Allow') {
  const role = { display_name, type: 'XA', policy: policyOf(actions, effect) }
  const { status, body } = await world.ask('POST', '/v3.0/OS-ROLE/roles', { role })
  expect(status).toBe(201)
  return body.role as { readonly id: string; readonly name: string }
}

/** Assigns a role to a user in a scope such as `projects/{project}`. */
export async function give(world: World, place: string, user: string, role: string): Promise<void> {
  expect((await world.ask('PUT', `/v3/${place}/users/${user}/roles/${role}`)).status).toBe(204)
}
