import { expect, it } from 'vitest'
import { effectOf } from '../../src/core/change-effect.ts'
import { DifferenceSummary, movementOf } from '../../src/core/difference.ts'
import type { ResourceState } from '../../src/core/resource.ts'

const state = (...tags: readonly string[]): ResourceState => ({
  name: '',
  detail: '{}',
  tags: tags.map((key) => ({ key, value: '' })),
})
const isProd = ({ tags }: ResourceState) => tags.some(({ key }) => key === 'prod')

it.each([
  ['enters with its creation', undefined, state('prod'), 'entered'],
  ['enters with a tag', state(), state('prod'), 'entered'],
  ['leaves with its deletion', state('prod'), undefined, 'left'],
  ['leaves with a tag', state('prod'), state(), 'left'],
  ['changes inside', state('prod'), state('prod', 'more'), 'changed'],
  ['is the same', state('prod'), state('prod'), undefined],
  ['changes outside', state(), state('more'), undefined],
  ['exists at neither moment', undefined, undefined, undefined],
])('a resource that %s among those that match', (_what, before, after, movement) => {
  expect(movementOf(before, after, isProd)).toBe(movement)
})

it('a summary counts resources by movement, and tags by key', () => {
  const summary = new DifferenceSummary()
  summary.add('entered', effectOf(undefined, state('prod', 'a')))
  summary.add('changed', effectOf(state('prod', 'a'), state('prod', 'b')))
  const renamed: ResourceState = { ...state(), tags: [{ key: 'prod', value: 'other' }] }
  summary.add('changed', effectOf(state('prod'), renamed))
  summary.add('left', effectOf(state('prod'), undefined))
  expect(summary.movements).toEqual({ entered: 1, left: 1, changed: 2 })
  expect(Object.fromEntries(summary.keys)).toEqual({
    prod: { added: 1, changed: 1, removed: 1 },
    a: { added: 1, changed: 0, removed: 1 },
    b: { added: 1, changed: 0, removed: 0 },
  })
  expect(summary.otherKeys).toBeUndefined()
})

it('a summary names at most 1,000 keys, and counts the others together', () => {
  const summary = new DifferenceSummary()
  const keys = Array.from({ length: 1002 }, (_, i) => `k${i}`)
  summary.add('entered', effectOf(undefined, state(...keys)))
  summary.add('left', effectOf(state('k0', 'k1001'), undefined))
  expect(summary.keys.size).toBe(1000)
  expect(summary.keys.get('k0')).toEqual({ added: 1, changed: 0, removed: 1 })
  expect(summary.otherKeys).toEqual({ added: 2, changed: 0, removed: 1 })
})
