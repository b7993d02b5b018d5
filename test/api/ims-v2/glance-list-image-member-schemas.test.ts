import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// GET /v2/schemas/members: where the `schema` of an answer leads.

const PATH = '/v2/schemas/members'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

it('is what an answer names as its schema, and describes every member of it', async () => {
  const { body: shown } = await world.call('GET', `/v2/images/${world.target.fills.image}/members`)
  expect(shown.schema).toBe(PATH)
  const { status, body } = await world.call('GET', PATH)
  expect([status, body.name]).toEqual([200, 'members'])
  expect(Object.keys(body.properties)).toEqual(['members', 'schema'])
  expect(Object.keys(body.properties)).toEqual(expect.arrayContaining(Object.keys(shown)))
  const { body: item } = await world.call('GET', '/v2/schemas/member')
  expect(body.properties.members).toEqual({ type: 'array', items: item })
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
