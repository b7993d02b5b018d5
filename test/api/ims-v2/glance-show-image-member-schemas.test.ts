import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// GET /v2/schemas/member: the target of the `schema` link of a member.

const PATH = '/v2/schemas/member'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

it('the response of a member links to its schema, which describes all its members', async () => {
  const { body: shown } = await world.call(
    'GET',
    `/v2/images/${world.target.fills.shared}/members/${world.service.project}`,
  )
  expect(shown.schema).toBe(PATH)
  const { status, body } = await world.call('GET', PATH)
  expect([status, body.name]).toEqual([200, 'member'])
  expect(Object.keys(body.properties).sort()).toEqual(Object.keys(shown).sort())
  expect(body.properties.status.enum).toEqual(['pending', 'accepted', 'rejected'])
})

describe('access control', () => {
  runScenarios(
    () => world.target,
    [
      {
        name: 'showing the schema of a member is refused without a token',
        request: { method: 'GET', path: PATH, token: null },
        ...TOKEN_MISSING,
      },
      {
        name: 'showing the schema of a member is refused with a token of the domain',
        request: { method: 'GET', path: PATH, token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
    ],
  )
})
