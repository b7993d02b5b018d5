import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { IndexedResource } from '../../src/core/resource.ts'
import type { Tag } from '../../src/core/tag.ts'
import { compareCodePoints } from '../../src/core/text.ts'
import { SlotList } from '../../src/search-index/slot-list.ts'
import type { SlotTally, TagTally } from '../../src/search-index/slot-tally.ts'
import { runLength } from '../support/effort.ts'
import { indexOf, KERNEL_MODES } from './indexes.ts'
import { largeOf } from './large.ts'
import { anyFilter, idOf, KEYS, resourceFrom } from './queries.ts'

type Counted = { readonly tags: readonly TagTally[]; readonly untagged: number }

function inOrder(tags: readonly TagTally[]): readonly TagTally[] {
  return tags.toSorted((a, b) => compareCodePoints(a.key, b.key) || compareCodePoints(a.value, b.value))
}

/** Counts tags the plain way. */
function count(resources: readonly IndexedResource[]): Counted {
  const counts = new Map<string, TagTally>()
  for (const { key, value } of resources.flatMap(({ tags }) => tags)) {
    const name = JSON.stringify([key, value])
    counts.set(name, { key, value, count: (counts.get(name)?.count ?? 0) + 1 })
  }
  return { tags: inOrder([...counts.values()]), untagged: resources.filter(({ tags }) => tags.length === 0).length }
}

function resultOf(tally: SlotTally): Counted {
  return { tags: inOrder([...tally.tags()].filter((tag) => tag !== undefined)), untagged: tally.untagged }
}

const SIZE = 24
const change = fc.record({ id: fc.nat(SIZE + 6), seed: fc.nat(2 ** 30), isRemoval: fc.boolean() })

describe.each(KERNEL_MODES)('a tally of an index with %s kernels', (kernels) => {
  it('counts the tags of slots as they were when it began, whatever changes between its steps', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        anyFilter(SIZE),
        fc.array(change, { maxLength: 40 }),
        fc.nat(6),
        (seed, filter, changes, steps) => {
          const model = Array.from({ length: SIZE }, (_, n) =>
            resourceFrom(idOf(n), n + 1, (seed + Math.imul(n, 40_503)) >>> 1),
          )
          const index = indexOf(model, kernels)
          const { slots } = index.find({ filter }, 0, SIZE)
          const expected = count(Array.from(slots, (slot) => index.at(slot)))
          const tally = index.tally(SlotList.of(slots))
          let sequence = SIZE
          for (const { id, seed, isRemoval } of changes) {
            if (isRemoval) index.remove(idOf(id))
            else index.put(resourceFrom(idOf(id), index.get(idOf(id))?.sequence ?? ++sequence, seed))
            tally.step(steps)
          }
          while (!tally.isDone) tally.step(2)
          expect(resultOf(tally)).toEqual(expected)
          tally.close()
        },
      ),
      { numRuns: runLength(500, 3000) },
    )
  })

  it('gives the tags of slots as they were when it began, whatever changes while the tags are read', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.oneof(anyFilter(SIZE), fc.constant(undefined)),
        fc.array(change, { maxLength: 60 }),
        fc.nat(3),
        (seed, filter, changes, termsPerChange) => {
          const model = Array.from({ length: SIZE }, (_, n) =>
            resourceFrom(idOf(n), n + 1, (seed + Math.imul(n, 40_503)) >>> 1),
          )
          const index = indexOf(model, kernels)
          const slots = filter === undefined ? undefined : index.find({ filter }, 0, SIZE).slots
          const expected = count(slots === undefined ? model : Array.from(slots, (slot) => index.at(slot)))
          const tally = index.tally(slots === undefined ? 'all' : SlotList.of(slots))
          let sequence = SIZE
          const left = [...changes]
          const changeOne = () => {
            const next = left.shift()
            if (next === undefined) return
            const id = idOf(next.id)
            if (next.isRemoval) index.remove(id)
            else index.put(resourceFrom(id, index.get(id)?.sequence ?? ++sequence, next.seed))
          }
          for (let i = 0; i < 10; i++) changeOne()
          while (!tally.isDone) tally.step(5)
          const read: TagTally[] = []
          let terms = 0
          for (const tag of tally.tags()) {
            if (tag !== undefined) read.push(tag)
            if (++terms % (termsPerChange + 1) === 0) changeOne()
          }
          expect({ tags: inOrder(read), untagged: tally.untagged }).toEqual(expected)
          // Another reader of the same tally.
          expect(resultOf(tally)).toEqual(expected)
          tally.close()
        },
      ),
      { numRuns: runLength(500, 3000) },
    )
  })

  it('does not count a term that was a tag when it began by the slots of another tag or key that has its number now', () => {
    const tagged = (n: number, tags: readonly Tag[]) => ({ ...resourceFrom(idOf(n), n + 1, n), tags })
    const index = indexOf(
      Array.from({ length: 6 }, (_, n) => tagged(n, [{ key: `key-${n}`, value: 'v' }])),
      kernels,
    )
    const tally = index.tally('all')
    for (let n = 0; n < 6; n++) index.put(tagged(n, []))
    for (let n = 5; n >= 0; n--) index.put(tagged(n, [{ key: `other-${n % 4}`, value: `${n}` }]))
    for (let n = 6; n < 9; n++) index.put(tagged(n, [{ key: `new-${n}`, value: 'w' }]))
    expect(resultOf(tally).tags).toEqual(
      Array.from({ length: 6 }, (_, n) => ({ key: `key-${n}`, value: 'v', count: 1 })),
    )
    tally.close()
  })

  it('of most resources counts the same as of few', () => {
    const { index, model } = largeOf(3000, kernels)
    for (const query of [
      {},
      { withoutAnyTag: true },
      { tags: [{ key: 'half', values: [] }] },
      { notTagsAny: [{ key: 'rare', values: [] }] },
    ]) {
      const { slots } = index.find(query, 0, 3000)
      const ids = new Set(Array.from(slots, (slot) => index.at(slot).id))
      const tally = index.tally(SlotList.of(slots))
      while (!tally.isDone) tally.step(100)
      expect(resultOf(tally)).toEqual(count(model.filter(({ id }) => ids.has(id))))
      tally.close()
      if (slots.length < model.length) continue
      const whole = index.tally('all')
      expect([whole.isDone, resultOf(whole)]).toEqual([true, count(model)])
      whole.close()
    }
  })

  it('of the values of one key gives what countValues gives', () => {
    const model = Array.from({ length: 200 }, (_, n) =>
      resourceFrom(idOf(n), n + 1, Math.imul(n + 7, 2_654_435_761) >>> 2),
    )
    const index = indexOf(model, kernels)
    fc.assert(
      fc.property(anyFilter(40), fc.constantFrom(...KEYS, 'unknown'), (filter, key) => {
        const tally = index.tally(SlotList.of(index.find({ filter }, 0, 200).slots))
        while (!tally.isDone) tally.step(50)
        const counted = index.countValues({ filter }, key)
        tally.close()
        if (counted === undefined) return
        expect(inOrder(counted.filter((tag) => tag.count > 0))).toEqual(
          resultOf(tally).tags.filter((tag) => tag.key === key),
        )
      }),
      { numRuns: runLength(300, 2000) },
    )
    expect(index.countValues({}, 'a')?.length).toBeGreaterThan(1)
  })

  it('of one key gives the tags with that key, also after changes', () => {
    const { index, model } = largeOf(3000, kernels)
    const { slots } = index.find({ tags: [{ key: 'half', values: [] }] }, 0, 10)
    const expected = count(Array.from(slots, (slot) => index.at(slot)))
    const tally = index.tally(SlotList.of(slots))
    for (const { id } of model.slice(0, 40)) index.remove(id)
    while (!tally.isDone) tally.step(3)
    for (const key of ['half', 'many', 'none']) {
      const tags = [...tally.tags(key)].filter((tag) => tag !== undefined && tag.key === key)
      expect(inOrder(tags as readonly TagTally[])).toEqual(expected.tags.filter((tag) => tag.key === key))
    }
    tally.close()
  })

  it('of all tags gives by key what countKeys gives', () => {
    const model = Array.from({ length: 200 }, (_, n) =>
      resourceFrom(idOf(n), n + 1, Math.imul(n + 7, 2_654_435_761) >>> 2),
    )
    const index = indexOf(model, kernels)
    let compared = 0
    fc.assert(
      fc.property(anyFilter(40), (filter) => {
        const counted = index.countKeys({ filter })
        if (counted === undefined) return
        compared++
        const tally = index.tally(SlotList.of(index.find({ filter }, 0, 200).slots))
        while (!tally.isDone) tally.step(50)
        const byKey = new Map<string, number>()
        for (const { key, count } of resultOf(tally).tags) byKey.set(key, (byKey.get(key) ?? 0) + count)
        expect(new Map([...counted.keys].filter(([, count]) => count > 0))).toEqual(byKey)
        expect(counted.untagged).toBe(tally.untagged)
        tally.close()
      }),
      { numRuns: runLength(300, 2000) },
    )
    expect(compared).toBeGreaterThan(50)
    expect(index.countKeys({ nameContains: 'e' })).toBeUndefined()
  })

  it('does not count more keys than 256 by a program for each, and no keys of an empty index', () => {
    const keys = Array.from({ length: 257 }, (_, n) => `key-${n}`)
    const model = keys.map((key, n) => ({
      ...resourceFrom(idOf(n), n + 1, n),
      tags: [{ key, value: '1' }],
    }))
    expect(indexOf(model, kernels).countKeys({})).toBeUndefined()
    expect(indexOf(model.slice(1), kernels).countKeys({})?.keys.size).toBe(256)
    expect(indexOf([], kernels).countKeys({})).toEqual({ keys: new Map(), untagged: 0 })
  })

  it('does not count a key of many values by a program for each', () => {
    const { index } = largeOf(3000, kernels)
    expect(index.countValues({}, 'many')).toBeUndefined()
    expect(index.countValues({ nameContains: 'e' }, 'half')).toBeUndefined()
    expect(index.countValues({}, 'half')).toHaveLength(2)
  })
})
