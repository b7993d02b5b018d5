import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError } from '../expected.ts'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { startWorld, testImageAccess, type World } from './world.ts'

// I9: DELETE /v1/{project_id}/cloudimages/{image_id}/tags/delete (contract 2.1; D18, D21, D29).

const PATH = '/v1/{project}/cloudimages/{image}/tags/delete'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

describe('removes tags', () => {
  it.each([
    ['by key', [{ key: 'a' }, { key: 'b' }], ['c=']],
    ['by pair', [{ key: 'a', value: '1' }], ['b=2', 'c=']],
    ['none for a pair with another value (D21)', [{ key: 'a', value: '2' }], ['a=1', 'b=2', 'c=']],
    [
      'by key with an empty or null value',
      [
        { key: 'a', value: '' },
        { key: 'b', value: null },
      ],
      ['c='],
    ],
    ['an absent key without an error', [{ key: 'none' }, { key: 'c' }], ['a=1', 'b=2']],
    ['with the longest key and value', [{ key: 'k'.repeat(127), value: 'v'.repeat(255) }], ['a=1', 'b=2', 'c=']],
  ])('a batch removes tags: %s', async (_name, tags, after) => {
    const id = await world.image({}, ['a=1', 'b=2', 'c='])
    const answer = await world.call('DELETE', `/v1/${world.service.project}/cloudimages/${id}/tags/delete`, {
      body: { tags },
    })
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(await world.tagsOf(id)).toEqual(after)
  })
})

function refused(name: string, body: unknown, code: string, ...fragments: string[]): Scenario {
  return {
    name: `a batch removal of tags is refused: ${name}`,
    request: { method: 'DELETE', path: PATH, body },
    ...imsError(400, code, ...fragments),
  }
}

describe('invalid requests', () => {
  runScenarios(
    () => world.target,
    [
      refused('no body', undefined, 'IMG.0007'),
      refused('an empty body', '', 'IMG.0007'),
      refused('no tags', {}, 'IMG.0001', 'tags', 'required'),
      refused('an empty list', { tags: [] }, 'IMG.0001', 'tags', 'at least 1'),
      refused('a repeated key', { tags: [{ key: 'a' }, { key: 'a' }] }, 'IMG.0001', 'tags[1].key', 'twice'),
      refused('an empty key', { tags: [{ key: '' }] }, 'IMG.0115', 'tags[0].key'),
      refused('128 characters of a key', { tags: [{ key: 'k'.repeat(128) }] }, 'IMG.0115', 'tags[0].key', '127'),
      refused(
        '256 characters of a value',
        { tags: [{ key: 'k', value: 'v'.repeat(256) }] },
        'IMG.0115',
        'tags[0].value',
      ),
    ],
  )
})

testImageAccess(() => world, { method: 'DELETE', path: PATH, body: { tags: [{ key: 'a' }] } })
