import { describe, expect, it } from 'vitest'
import type { Tag } from '../../src/core/tag.ts'
import { decide } from '../../src/core/tag-change.ts'
import { applyPatch, conflictOf, inverseOn, patchBetween } from '../../src/core/tag-patch.ts'
import { Random } from '../support/random.ts'

const tags = (text: string): readonly Tag[] =>
  text.split(' ').flatMap((pair) => {
    const [key = '', value = ''] = pair.split('=')
    return key === '' ? [] : [{ key, value }]
  })
const text = (list: readonly Tag[]) => list.map(({ key, value }) => `${key}=${value}`).join(' ')
const state = (list: readonly Tag[]) => ({ name: '', detail: '{}', tags: list })
const rules = { tagsPerResourceMax: 10 }

/** Random tags, with keys and values that often are the same ones. */
function randomTags(random: Random): readonly Tag[] {
  return random
    .some(['a', 'b', 'c', 'd', 'e', '__proto__'], 0.5)
    .map((key) => ({ key, value: random.pick(['', '1', '2']) }))
}

describe('a patch of tags', () => {
  it('names the keys that differ, with both values, and no others', () => {
    expect(patchBetween(tags('a=1 b=2 c=3'), tags('a=1 b=4 d=5'))).toEqual({
      keys: [
        { key: 'b', expect: '2', value: '4' },
        { key: 'c', expect: '3', value: undefined },
        { key: 'd', expect: undefined, value: '5' },
      ],
      order: ['a', 'b', 'd'],
    })
  })

  it('has an order only where a key replaces another one, or would have another position without it', () => {
    expect(patchBetween(tags('a=1 b=2'), tags('a=1 b=2 c=3')).order).toBeUndefined()
    expect(patchBetween(tags('a=1 b=2'), tags('c=1 b=2')).order).toEqual(['c', 'b'])
    expect(patchBetween(tags('a=1'), tags('b=1')).order).toEqual(['b'])
    expect(patchBetween(tags('a=1 b=2'), tags('b=2 a=1')).order).toEqual(['b', 'a'])
  })

  it('leaves keys that it does not name behind those of its order', () => {
    const patch = patchBetween(tags('a=1 b=2'), tags('c=1 b=2'))
    expect(text(applyPatch(tags('a=1 b=2 x=9'), patch))).toBe('c=1 b=2 x=9')
    expect(text(applyPatch(tags('x=9 a=1 b=2 y=8'), patch))).toBe('c=1 b=2 x=9 y=8')
  })

  it('conflicts with the first key that has another value, is missing, or is there', () => {
    const patch = patchBetween(tags('a=1 b=2'), tags('b=3 c=4'))
    expect(conflictOf(tags('a=1 b=2 x=9'), patch)).toBeUndefined()
    expect(conflictOf(tags('a=7 b=2'), patch)).toEqual({ key: 'a', actual: '7' })
    expect(conflictOf(tags('a=1'), patch)).toEqual({ key: 'b', actual: undefined })
    expect(conflictOf(tags('a=1 b=2 c=4'), patch)).toEqual({ key: 'c', actual: '4' })
  })

  it('makes one list of tags the other, and its inverse makes it the first again, for random tags', () => {
    const random = new Random(7)
    for (let round = 0; round < 2000; round++) {
      const [before, after] = [randomTags(random), randomTags(random)]
      const patch = patchBetween(before, after)
      expect(applyPatch(before, patch)).toEqual(after)
      const { keys, left } = inverseOn(after, patch)
      expect(left).toEqual([])
      expect(applyPatch(after, { keys, order: before.map(({ key }) => key) })).toEqual(before)
    }
  })

  it('is decided as its keys say, whatever other keys the resource has, for random tags', () => {
    const random = new Random(8)
    for (let round = 0; round < 2000; round++) {
      const [before, after, current] = [randomTags(random), randomTags(random), randomTags(random)]
      const patch = patchBetween(before, after)
      const holds = patch.keys.every(({ key, expect }) => current.find((tag) => tag.key === key)?.value === expect)
      const decision = decide(state(current), { kind: 'patch-tags', ...patch }, rules)
      if (!holds) {
        expect(decision).toMatchObject({ outcome: 'refused', code: 'tag-conflict' })
        continue
      }
      const next = decision.outcome === 'changed' ? (decision.next?.tags ?? []) : current
      const expected = new Map(current.map(({ key, value }) => [key, value]))
      for (const { key, value } of patch.keys) value === undefined ? expected.delete(key) : expected.set(key, value)
      expect(new Map(next.map(({ key, value }) => [key, value]))).toEqual(expected)
    }
  })

  it('is taken back for the keys only that still have its values', () => {
    const patch = patchBetween(tags('a=1 b=2 c=3'), tags('a=5 b=6'))
    expect(inverseOn(tags('a=5 b=7'), patch)).toEqual({
      keys: [
        { key: 'a', expect: '5', value: '1' },
        { key: 'c', expect: undefined, value: '3' },
      ],
      left: ['b'],
    })
    expect(inverseOn(tags('a=1 b=2 c=3'), patch)).toEqual({ keys: [], left: [] })
  })
})

describe('the decision about a patch', () => {
  const patch = patchBetween(tags('a=1'), tags('b=1 c=2'))

  it('refuses a resource that does not exist', () => {
    expect(decide(undefined, { kind: 'patch-tags', ...patch }, rules)).toEqual({
      outcome: 'refused',
      code: 'resource-not-found',
      facts: {},
    })
  })

  it('names the key that is not as expected, and what it is', () => {
    const of = (current: string) => decide(state(tags(current)), { kind: 'patch-tags', ...patch }, rules)
    expect(of('a=2')).toEqual({ outcome: 'refused', code: 'tag-conflict', facts: { field: 'a', value: '2' } })
    expect(of('x=2')).toEqual({ outcome: 'refused', code: 'tag-conflict', facts: { field: 'a', value: null } })
  })

  it('refuses more tags than the type may have', () => {
    expect(decide(state(tags('a=1')), { kind: 'patch-tags', ...patch }, { tagsPerResourceMax: 1 })).toMatchObject({
      outcome: 'refused',
      code: 'tag-quota-exceeded',
    })
  })

  it('is that nothing changes when each key has its value already', () => {
    const same = { keys: [{ key: 'a', expect: '1', value: '1' }] }
    expect(decide(state(tags('a=1')), { kind: 'patch-tags', ...same }, rules)).toEqual({ outcome: 'unchanged' })
  })
})
