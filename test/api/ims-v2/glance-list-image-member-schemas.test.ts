import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// GET /v2/schemas/members: the target of the `schema` link of a list of members.

const PATH = '/v2/schemas/members'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

it('the response of a list of members links to its schema, which describes all its members', async () => {
  const { body: shown } = await world.call('GET', `/v2/images/${world.target.fills.image}/members`)
  expect(shown.schema).toBe(PATH)
  const { status, body } = await world.call('GET', PATH)
  expect([status, body.name]).toEqual([200, 'members'])
  expect(Object.keys(body.properties)).toEqual(['members', 'schema'])
  expect(Object.keys(body.properties)).toEqual(expect.arrayContaining(Object.keys(shown)))
  const { body: item } = await world.call('GET', '/v2/schemas/member')
  expect(body.properties.members).toEqual({ type: 'array', items: item })
})

describe('access control', () => {
  runScenarios(
    () => world.target,
    [
      {
        name: 'showing the schema of a list of members is refused without a token',
        request: { method: 'GET', path: PATH, token: null },
        ...TOKEN_MISSING,
      },
      {
        name: 'showing the schema of a list of members is refused with a token of the domain',
        request: { method: 'GET', path: PATH, token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
    ],
  )
})
