import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { instance, newInstanceId } from '../fixtures.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// I6: GET /v2/{project_id}/images/tags (contract 2.1, 2.3; D9, D27).

const PATH = '/v2/{project}/images/tags'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

describe('lists keys ascending with all values ascending, those of images alone', () => {
  it('the empty value as "", and nothing of what is shared or of other types', async () => {
    await world.image({}, ['key9=value9', 'key8=', 'key3=valueXX'])
    await world.image({}, ['key3=value3', 'Key=1'])
    await world.service.register(instance(newInstanceId(), 'ofInstance=1'))
    const answer = await world.call('GET', `/v2/${world.service.project}/images/tags`)
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      tags: [
        { key: 'Key', values: ['1'] },
        { key: 'a', values: ['1'] },
        { key: 'b', values: [''] },
        { key: 'key3', values: ['value3', 'valueXX'] },
        { key: 'key8', values: [''] },
        { key: 'key9', values: ['value9'] },
      ],
    })
  })

  it('all of many, without pages', async () => {
    for (let i = 0; i < 15; i++)
      await world.image(
        {},
        Array.from({ length: 10 }, (_, j) => `many${i}_${j}=v`),
      )
    const { body } = await world.call('GET', `/v2/${world.service.project}/images/tags?limit=1&offset=3`)
    const many = body.tags.filter(({ key }: { key: string }) => key.startsWith('many'))
    expect(many).toHaveLength(150)
  })

  it('none of a project without tags', async () => {
    const { body } = await world.call('GET', `/v2/${world.other}/images/tags`, world.asOther)
    expect(body).toEqual({ tags: [{ key: 'of', values: ['other'] }] })
    await world.call('DELETE', `/v2/${world.other}/images/${world.target.fills.shared}/tags/of`, world.asOther)
    expect((await world.call('GET', `/v2/${world.other}/images/tags`, world.asOther)).body).toEqual({ tags: [] })
  })
})

describe('turns away', () => {
  runScenarios(
    () => world.target,
    [
      { name: 'whoever has no token', request: { method: 'GET', path: PATH, token: null }, ...TOKEN_MISSING },
      {
        name: 'a token of another project',
        request: { method: 'GET', path: PATH, token: 'other' },
        ...imsError(403, 'IMG.0030'),
      },
      {
        name: 'a token of the domain',
        request: { method: 'GET', path: PATH, token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
    ],
  )
})
