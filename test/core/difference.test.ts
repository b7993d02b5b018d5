import { expect, it } from 'vitest'
import { movementOf } from '../../src/core/difference.ts'
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
