import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError } from '../expected.ts'
import { texts } from '../fixtures.ts'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { startWorld, testImageAccess, type World } from './world.ts'

// I4: POST /v2/{project_id}/images/{image_id}/tags/action (contract 2.1 to 2.3; D5, D7, D8, D21, D24, D29).

const PATH = '/v2/{project}/images/{image}/tags/action'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

type TagBody = { readonly key: string; readonly value?: unknown }

const send = (id: string, action: string, tags: readonly TagBody[]) =>
  world.call('POST', `/v2/${world.service.project}/images/${id}/tags/action`, { body: { action, tags } })

describe('create', () => {
  const cases: readonly (readonly [name: string, before: string[], tags: TagBody[], after: string[]])[] = [
    [
      'several tags, the last without a value',
      [],
      [
        { key: 'key1', value: 'value1' },
        { key: 'key2', value: 'value2' },
        { key: 'key3', value: '' },
      ],
      ['key1=value1', 'key2=value2', 'key3='],
    ],
    [
      'an existing key, which keeps its position',
      ['a=1', 'b=2'],
      [
        { key: 'c', value: '3' },
        { key: 'a', value: 'x' },
      ],
      ['a=x', 'b=2', 'c=3'],
    ],
    ['a tag that is already set', ['a=1'], [{ key: 'a', value: '1' }], ['a=1']],
    ['outer blanks, which are trimmed', [], [{ key: ' k ', value: ' v ' }], ['k=v']],
    [
      'the longest key and value',
      [],
      [{ key: 'k'.repeat(36), value: 'v'.repeat(43) }],
      [`${'k'.repeat(36)}=${'v'.repeat(43)}`],
    ],
    [
      'up to ten tags',
      texts('k', 8).map((key) => `${key}=`),
      [
        { key: 'k0', value: 'new' },
        { key: 'x', value: '' },
        { key: 'y', value: '' },
      ],
      [
        'k0=new',
        ...texts('k', 8)
          .slice(1)
          .map((key) => `${key}=`),
        'x=',
        'y=',
      ],
    ],
  ]
  it.each(cases)('action create sets tags: %s', async (_name, before, tags, after) => {
    const id = await world.image({}, before)
    const answer = await send(id, 'create', tags)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(await world.tagsOf(id)).toEqual(after)
  })
})

describe('delete', () => {
  const before = ['a=1', 'b=2', 'c=']
  const cases: readonly (readonly [name: string, tags: TagBody[], after: string[]])[] = [
    ['by key', [{ key: 'a' }, { key: 'c' }], ['b=2']],
    ['by key with a null value (D21)', [{ key: 'a', value: null }], ['b=2', 'c=']],
    ['by key with an empty value (D21)', [{ key: 'a', value: '' }], ['b=2', 'c=']],
    ['by pair', [{ key: 'a', value: '1' }], ['b=2', 'c=']],
    ['none for a pair with another value (D21)', [{ key: 'a', value: '2' }], before],
    ['an absent key without an error', [{ key: 'none' }, { key: 'b' }], ['a=1', 'c=']],
    ['with a key of 127 characters and a value of 255', [{ key: 'k'.repeat(127), value: 'v'.repeat(255) }], before],
    ['with any characters', [{ key: '* =/', value: '😀' }], before],
    ['by a key with outer blanks, which are trimmed', [{ key: ' a ' }], ['b=2', 'c=']],
  ]
  it.each(cases)('action delete removes tags: %s', async (_name, tags, after) => {
    const id = await world.image({}, before)
    const answer = await send(id, 'delete', tags)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(await world.tagsOf(id)).toEqual(after)
  })
})

function refused(name: string, body: unknown, code: string, ...fragments: string[]): Scenario {
  return {
    name: `a batch change of tags is refused: ${name}`,
    request: { method: 'POST', path: PATH, body },
    ...imsError(400, code, ...fragments),
  }
}

describe('invalid requests', () => {
  const tag = { key: 'k', value: 'v' }
  const create = (...tags: unknown[]) => ({ action: 'create', tags })
  const remove = (...tags: unknown[]) => ({ action: 'delete', tags })
  runScenarios(
    () => world.target,
    [
      refused('no action', { tags: [tag] }, 'IMG.0001', 'action', 'required'),
      refused('an unknown action', { action: 'update', tags: [tag] }, 'IMG.0001', 'action', 'create', 'update'),
      refused('an action in the wrong letter case (D24)', { action: 'Create', tags: [tag] }, 'IMG.0001', 'action'),
      refused(
        'an unknown action, before invalid tags are reported',
        { action: 'x', tags: [{}] },
        'IMG.0001',
        'action',
        'create',
      ),
      refused('no tags', { action: 'create' }, 'IMG.0001', 'tags', 'required'),
      refused('an empty list to create', create(), 'IMG.0001', 'tags', 'at least 1'),
      refused('an empty list to delete', remove(), 'IMG.0001', 'tags', 'at least 1'),
      refused('tags that are not an array', { action: 'create', tags: tag }, 'IMG.0001', 'tags', 'array'),
      refused('no value to create', create({ key: 'k' }), 'IMG.0001', 'tags[0].value', 'required'),
      refused('null for a value to create (D7)', create({ key: 'k', value: null }), 'IMG.0001', 'tags[0].value'),
      refused('no key to create', create({ value: 'v' }), 'IMG.0001', 'tags[0].key', 'required'),
      refused('no key to delete', remove({ value: 'v' }), 'IMG.0001', 'tags[0].key', 'required'),
      refused('a number for a value to delete', remove({ key: 'k', value: 1 }), 'IMG.0001', 'tags[0].value'),
      refused('a repeated key to create', create(tag, { key: 'k', value: 'w' }), 'IMG.0001', 'tags[1].key', 'twice'),
      refused('a repeated key after trimming', create(tag, { key: ' k', value: '' }), 'IMG.0001', 'tags[1].key'),
      refused('a repeated key to delete', remove({ key: 'k' }, { key: 'k', value: 'v' }), 'IMG.0001', 'tags[1].key'),
      refused('an empty key to create', create({ key: '', value: '' }), 'IMG.0115', 'tags[0].key'),
      refused('an empty key to delete', remove({ key: '' }), 'IMG.0115', 'tags[0].key'),
      refused('a blank key to delete', remove({ key: ' ' }), 'IMG.0115', 'tags[0].key'),
      refused(
        '37 characters of a key',
        create(tag, { key: 'k'.repeat(37), value: '' }),
        'IMG.0115',
        'tags[1].key',
        '36',
      ),
      refused(
        '44 characters of a value',
        create({ key: 'k', value: 'v'.repeat(44) }),
        'IMG.0115',
        'tags[0].value',
        '43',
      ),
      refused('128 characters of a key to delete', remove({ key: 'k'.repeat(128) }), 'IMG.0115', 'tags[0].key', '127'),
      refused(
        '256 characters of a value to delete',
        remove({ key: 'k', value: 'v'.repeat(256) }),
        'IMG.0115',
        'tags[0].value',
      ),
      refused('a dot in a key', create({ key: 'a.b', value: '' }), 'IMG.0115', 'tags[0].key', '"a.b"'),
      refused('an empty body', '', 'IMG.0007'),
      refused('invalid JSON', '{', 'IMG.0001', 'body'),
      refused('an array as body', [], 'IMG.0001', 'body', 'object'),
    ],
  )
})

describe('atomicity (D8)', () => {
  it('a batch that would exceed ten tags is refused and changes no value', async () => {
    const before = texts('k', 9).map((key) => `${key}=v`)
    const id = await world.image({}, before)
    const tags = [
      { key: 'k0', value: 'new' },
      { key: 'x', value: '' },
      { key: 'y', value: '' },
    ]
    const { status, body } = await send(id, 'create', tags)
    expect({ status, body }).toEqual(imsError(400, 'IMG.0116', 'tags', '10', '11'))
    expect(await world.tagsOf(id)).toEqual(before)
  })

  it('a batch of eleven tags is refused for an image without tags', async () => {
    const id = await world.image()
    const { status, body } = await send(
      id,
      'create',
      texts('k', 11).map((key) => ({ key, value: '' })),
    )
    expect({ status, body }).toEqual(imsError(400, 'IMG.0116', 'tags', '10', '11'))
    expect(await world.tagsOf(id)).toEqual([])
  })

  it('a batch with one invalid tag adds none', async () => {
    const id = await world.image({}, ['a=1'])
    const answer = await send(id, 'create', [
      { key: 'good', value: '' },
      { key: 'bad key', value: '' },
    ])
    expect(answer.status).toBe(400)
    expect(await world.tagsOf(id)).toEqual(['a=1'])
  })
})

testImageAccess(() => world, {
  method: 'POST',
  path: PATH,
  body: { action: 'create', tags: [{ key: 'k', value: 'v' }] },
})
