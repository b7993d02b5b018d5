import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// GET /v2/schemas/image: the target of the `schema` link of an image.

const PATH = '/v2/schemas/image'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

it('the response of an image links to its schema, which describes all its members', async () => {
  const { body: shown } = await world.call('GET', `/v2/images/${world.target.fills.image}`)
  expect(shown.schema).toBe(PATH)
  const { status, body } = await world.call('GET', PATH)
  expect([status, body.name]).toEqual([200, 'image'])
  const own = Object.keys(shown).filter((name) => !name.startsWith('__'))
  expect(Object.keys(body.properties)).toEqual(expect.arrayContaining(own))
  expect(body.additionalProperties).toEqual({ type: 'string' })
  for (const name of own) {
    const { type } = body.properties[name]
    const seen = Array.isArray(shown[name]) ? 'array' : typeof shown[name]
    expect([name, type]).toEqual([name, seen === 'number' ? 'integer' : seen])
  }
  expect(body.properties.status).toMatchObject({ readOnly: true })
})

describe('access control', () => {
  runScenarios(
    () => world.target,
    [
      {
        name: 'showing the schema of an image is refused without a token',
        request: { method: 'GET', path: PATH, token: null },
        ...TOKEN_MISSING,
      },
      {
        name: 'showing the schema of an image is refused with a token of the domain',
        request: { method: 'GET', path: PATH, token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
    ],
  )
})
