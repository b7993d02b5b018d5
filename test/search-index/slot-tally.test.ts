import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { IndexedResource } from '../../src/core/resource.ts'
import { compareCodePoints } from '../../src/core/text.ts'
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
          const tally = index.tally(slots)
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
      const tally = index.tally(slots)
      while (!tally.isDone) tally.step(100)
      expect(resultOf(tally)).toEqual(count(model.filter(({ id }) => ids.has(id))))
      tally.close()
    }
  })

  it('of the values of one key gives what countValues gives', () => {
    const model = Array.from({ length: 200 }, (_, n) =>
      resourceFrom(idOf(n), n + 1, Math.imul(n + 7, 2_654_435_761) >>> 2),
    )
    const index = indexOf(model, kernels)
    fc.assert(
      fc.property(anyFilter(40), fc.constantFrom(...KEYS, 'unknown'), (filter, key) => {
        const tally = index.tally(index.find({ filter }, 0, 200).slots)
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

  it('does not count a key of many values by a program for each', () => {
    const { index } = largeOf(3000, kernels)
    expect(index.countValues({}, 'many')).toBeUndefined()
    expect(index.countValues({ nameContains: 'e' }, 'half')).toBeUndefined()
    expect(index.countValues({}, 'half')).toHaveLength(2)
  })
})
