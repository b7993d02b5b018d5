import { describe, expect, it } from 'vitest'
import { type ChangeEffect, concernsKey, effectOf, partsOf } from '../../src/core/change-effect.ts'
import type { ResourceState } from '../../src/core/resource.ts'
import { Random } from '../support/random.ts'
import { randomHistory } from './histories.ts'

const state = (name: string, detail: object, tags: Record<string, string> = {}): ResourceState => ({
  name,
  detail: JSON.stringify(detail),
  tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
})

/** Makes the later state out of the earlier one and the effect, but for the order of the tags and values of the detail. */
function applied(before: ResourceState | undefined, { name, tagsAdded, tagsChanged, tagsRemoved }: ChangeEffect) {
  const tags = new Map(before?.tags.map(({ key, value }) => [key, value]))
  for (const { key, value } of tagsRemoved) {
    expect(tags.get(key)).toBe(value)
    tags.delete(key)
  }
  for (const { key, before: earlier, after } of tagsChanged) {
    expect(tags.get(key)).toBe(earlier)
    tags.set(key, after)
  }
  for (const { key, value } of tagsAdded) {
    expect(tags.has(key)).toBe(false)
    tags.set(key, value)
  }
  return { name: name === undefined ? (before?.name ?? '') : name.after, tags }
}

describe('the effect of a change', () => {
  it('of a new resource is its name and its tags, without the members of its detail', () => {
    expect(effectOf(undefined, state('n', { size: 1 }, { a: '1' }))).toEqual({
      effect: 'created',
      name: { before: '', after: 'n' },
      tagsAdded: [{ key: 'a', value: '1' }],
      tagsChanged: [],
      tagsRemoved: [],
    })
  })

  it('of a deletion is all that is gone', () => {
    expect(effectOf(state('n', { size: 1 }, { a: '1' }), undefined)).toEqual({
      effect: 'deleted',
      name: { before: 'n', after: '' },
      tagsAdded: [],
      tagsChanged: [],
      tagsRemoved: [{ key: 'a', value: '1' }],
    })
  })

  it('of an update names the members of the detail that differ', () => {
    const before = state('n', { size: 1, zone: 'x', kept: [1, { a: 2 }] })
    const after = state('n', { size: 2, kept: [1, { a: 2 }], more: null })
    expect(effectOf(before, after)).toMatchObject({ effect: 'updated', detailMembers: ['size', 'zone', 'more'] })
    expect(effectOf(before, { ...before, name: 'm' })).not.toHaveProperty('detailMembers')
  })

  it('added to the state before gives the state after, in any history', () => {
    for (let seed = 0; seed < 3000; seed++) {
      let before: ResourceState | undefined
      for (const { after } of randomHistory(new Random(seed), 6, ['r'])) {
        const effect = effectOf(before, after)
        expect(effect.effect).toBe(before === undefined ? 'created' : after === undefined ? 'deleted' : 'updated')
        const expected = new Map(after?.tags.map(({ key, value }) => [key, value]))
        expect(applied(before, effect), `seed ${seed}`).toEqual({ name: after?.name ?? '', tags: expected })
        before = after
      }
    }
  })

  it('concerns the keys that were added, changed or removed', () => {
    const effect = effectOf(state('', {}, { a: '1', b: '1', same: '1' }), state('', {}, { b: '2', c: '1', same: '1' }))
    expect(['a', 'b', 'c', 'same', 'none'].filter((key) => concernsKey(effect, key))).toEqual(['a', 'b', 'c'])
  })

  it('has a row for each of its parts, and an empty one for none', () => {
    const before = state('n', { size: 1 }, { a: '1', b: '1' })
    expect(partsOf(effectOf(before, state('m', { size: 2 }, { b: '2', c: '' })))).toEqual([
      ['name', '', 'n', 'm'],
      ['detail', 'size', '', ''],
      ['tag added', 'c', '', ''],
      ['tag changed', 'b', '1', '2'],
      ['tag removed', 'a', '1', ''],
    ])
    expect(partsOf(effectOf(before, before))).toEqual([['', '', '', '']])
  })
})
