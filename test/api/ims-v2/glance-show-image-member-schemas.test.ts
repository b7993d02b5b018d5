import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// GET /v2/schemas/member: where the `schema` of an answer leads.

const PATH = '/v2/schemas/member'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

it('is what an answer names as its schema, and describes every member of it', async () => {
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

describe('turns away', () => {
  runScenarios(
    () => world.target,
    [
      { name: 'no token', request: { method: 'GET', path: PATH, token: null }, ...TOKEN_MISSING },
      {
        name: 'a token of the domain',
        request: { method: 'GET', path: PATH, token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
    ],
  )
})
