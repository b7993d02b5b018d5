import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { IMAGE_OF_OTHER, texts } from '../fixtures.ts'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { startWorld, UNKNOWN_IMAGE, type World } from './world.ts'

// I7: PUT /v1/cloudimages/tags (contract 2.1, 2.2).

const PATH = '/v1/cloudimages/tags'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

const put = (body: object, options: object = {}) => world.call('PUT', PATH, { body, ...options })

describe('valid tags', () => {
  const long = { key: 'k'.repeat(36), value: 'v'.repeat(43) }
  const cases: readonly (readonly [name: string, body: object, after: string[]])[] = [
    ['key.value', { tag: 'k.v' }, ['a=1', 'k=v']],
    ['key.value, split at the first dot', { tag: 'k.v.w' }, ['a=1', 'k=v.w']],
    ['a key without a dot, with an empty value', { tag: 'k' }, ['a=1', 'k=']],
    ['a key with a final dot, with an empty value', { tag: 'k.' }, ['a=1', 'k=']],
    ['outer blanks, which are trimmed', { tag: ' k . v ' }, ['a=1', 'k=v']],
    ['an existing key, whose value is replaced', { tag: 'a.2' }, ['a=2']],
    ['the longest key and value', { tag: `${long.key}.${long.value}` }, ['a=1', `${long.key}=${long.value}`]],
    ['image_tag', { image_tag: { key: 'k', value: 'v.w' } }, ['a=1', 'k=v.w']],
    ['image_tag without a value', { image_tag: { key: 'k', value: '' } }, ['a=1', 'k=']],
    ['image_tag for an existing key', { image_tag: { key: 'a', value: '' } }, ['a=']],
    ['unknown members, which are ignored', { tag: 'k.v', tags: [1] }, ['a=1', 'k=v']],
  ]
  it.each(cases)('a tag is set: %s', async (_name, body, after) => {
    const image_id = await world.image({}, ['a=1'])
    const answer = await put({ image_id, ...body })
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(await world.tagsOf(image_id)).toEqual(after)
  })

  it('an eleventh tag is refused, but the value of one of ten can be replaced', async () => {
    const image_id = await world.image(
      {},
      texts('k', 10).map((key) => `${key}=v`),
    )
    const { status, body } = await put({ image_id, tag: 'x' })
    expect({ status, body }).toEqual(imsError(400, 'IMG.0116', 'tags', '10', '11'))
    expect((await put({ image_id, tag: 'k3.other' })).status).toBe(204)
  })
})

function refused(name: string, body: object, code: string, ...fragments: string[]): Scenario {
  const request = { method: 'PUT', path: PATH, body: { image_id: UNKNOWN_IMAGE, ...body } }
  return { name: `setting a tag is refused: ${name}`, request, ...imsError(400, code, ...fragments) }
}

describe('invalid requests', () => {
  runScenarios(
    () => world.target,
    [
      refused('neither form', {}, 'IMG.0001', 'tag', 'required'),
      refused('both forms', { tag: 'k.v', image_tag: { key: 'k', value: 'v' } }, 'IMG.0001', 'image_tag', 'left out'),
      refused('no image', { image_id: undefined, tag: 'k' }, 'IMG.0001', 'image_id', 'required'),
      refused('a tag that is not a string', { tag: { key: 'k' } }, 'IMG.0001', 'tag', 'string'),
      refused('no value in image_tag', { image_tag: { key: 'k' } }, 'IMG.0001', 'image_tag.value', 'required'),
      refused('an empty tag', { tag: '' }, 'IMG.0115', 'tag.key', 'empty'),
      refused('no key before the dot', { tag: '.v' }, 'IMG.0115', 'tag.key', 'empty'),
      refused('37 characters of a key', { tag: `${'k'.repeat(37)}.v` }, 'IMG.0115', 'tag.key', '36'),
      refused('44 characters of a value', { tag: `k.${'v'.repeat(44)}` }, 'IMG.0115', 'tag.value', '43'),
      refused('an equal sign', { tag: 'k=v' }, 'IMG.0115', 'tag.key', '"k=v"'),
      refused('a dot in the key of image_tag', { image_tag: { key: 'a.b', value: '' } }, 'IMG.0115', 'image_tag.key'),
    ],
  )
})

describe('access control', () => {
  it.each([
    ['an unknown image', UNKNOWN_IMAGE],
    ['an image of another project', IMAGE_OF_OTHER],
    ['an id that is not a UUID', '../x'],
  ])('setting a tag is refused for %s', async (_name, image_id) => {
    const { status, body } = await put({ image_id, tag: 'k' })
    expect({ status, body }).toEqual(imsError(404, 'IMG.0027'))
  })

  it('setting a tag is refused for an image shared with the project', async () => {
    const { status, body } = await put({ image_id: world.target.fills.shared, tag: 'k' })
    expect({ status, body }).toEqual(imsError(400, 'IMG.0047'))
  })

  const body = { image_id: UNKNOWN_IMAGE, tag: 'k' }
  runScenarios(
    () => world.target,
    [
      {
        name: 'setting a tag is refused without a token',
        request: { method: 'PUT', path: PATH, body, token: null },
        ...TOKEN_MISSING,
      },
      {
        name: 'setting a tag is refused with a token of the domain',
        request: { method: 'PUT', path: PATH, body, token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
    ],
  )
})
