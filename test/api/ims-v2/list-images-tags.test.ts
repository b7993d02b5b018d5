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

describe('the list', () => {
  it('keys and values of own images are listed in ascending order', async () => {
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

  it('all keys are listed at once, and an offset is refused, because the list has no paging', async () => {
    for (let i = 0; i < 15; i++)
      await world.image(
        {},
        Array.from({ length: 10 }, (_, j) => `many${i}_${j}=v`),
      )
    const path = `/v2/${world.service.project}/images/tags`
    const { body } = await world.call('GET', path)
    const many = body.tags.filter(({ key }: { key: string }) => key.startsWith('many'))
    expect(many).toHaveLength(150)
    const refused = await world.call('GET', `${path}?offset=3`)
    expect({ status: refused.status, body: refused.body }).toEqual(
      imsError(400, 'IMG.0001', 'offset: is not a known parameter'),
    )
  })

  it('a project without tags has an empty list', async () => {
    const { body } = await world.call('GET', `/v2/${world.other}/images/tags`, world.asOther)
    expect(body).toEqual({ tags: [{ key: 'of', values: ['other'] }] })
    await world.call('DELETE', `/v2/${world.other}/images/${world.target.fills.shared}/tags/of`, world.asOther)
    expect((await world.call('GET', `/v2/${world.other}/images/tags`, world.asOther)).body).toEqual({ tags: [] })
  })
})

describe('access control', () => {
  runScenarios(
    () => world.target,
    [
      {
        name: 'listing the tags of all images is refused without a token',
        request: { method: 'GET', path: PATH, token: null },
        ...TOKEN_MISSING,
      },
      {
        name: 'listing the tags of all images is refused with a token of another project',
        request: { method: 'GET', path: PATH, token: 'other' },
        ...imsError(403, 'IMG.0030'),
      },
      {
        name: 'listing the tags of all images is refused with a token of the domain',
        request: { method: 'GET', path: PATH, token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
    ],
  )
})
