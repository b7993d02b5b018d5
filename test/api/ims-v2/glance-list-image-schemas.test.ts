import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// GET /v2/schemas/images: the target of the `schema` link of a list of images.

const PATH = '/v2/schemas/images'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

it('the response of a list of images links to its schema, which describes all its members', async () => {
  const { body: shown } = await world.call('GET', '/v2/images')
  expect(shown.schema).toBe(PATH)
  const { status, body } = await world.call('GET', PATH)
  expect([status, body.name]).toEqual([200, 'images'])
  expect(Object.keys(body.properties)).toEqual(['images', 'first', 'next', 'schema'])
  expect(Object.keys(body.properties)).toEqual(expect.arrayContaining(Object.keys(shown)))
  const { body: item } = await world.call('GET', '/v2/schemas/image')
  expect(body.properties.images).toEqual({ type: 'array', items: item })
})

describe('access control', () => {
  runScenarios(
    () => world.target,
    [
      {
        name: 'showing the schema of a list of images is refused without a token',
        request: { method: 'GET', path: PATH, token: null },
        ...TOKEN_MISSING,
      },
      {
        name: 'showing the schema of a list of images is refused with a token of the domain',
        request: { method: 'GET', path: PATH, token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
    ],
  )
})
