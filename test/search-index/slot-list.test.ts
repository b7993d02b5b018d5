import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SlotCursor, SlotList } from '../../src/search-index/slot-list.ts'

/** Ascending slots, some thousands, so that there are several chunks. */
function slotsUpTo(count: number, step: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i * step)
}

/** The slots of a list, which must be in chunks that are not empty. */
function slotsOf(list: SlotList): readonly number[] {
  expect(list.chunks.every((chunk) => chunk.length > 0)).toBe(true)
  return list.chunks.flatMap((chunk) => [...chunk])
}

function appended(slots: Uint32Array, size: number): SlotList {
  const list = new SlotList()
  for (let from = 0; from < slots.length; from += size) list.append(slots.subarray(from, from + size))
  return list
}

describe('a list of slots', () => {
  it('has the slots that were appended and changed, whatever the order and size of the parts', () => {
    fc.assert(
      fc.property(
        fc.nat(12_000),
        fc.integer({ min: 1, max: 9000 }),
        fc.array(fc.array(fc.tuple(fc.nat(40_000), fc.boolean()), { maxLength: 80 }), { maxLength: 4 }),
        (count, size, changes) => {
          const slots = slotsUpTo(count, 3)
          const list = appended(slots, size)
          const expected = new Set(slots)
          for (const change of changes) {
            list.change(new Map(change))
            for (const [slot, isMember] of new Map(change)) {
              if (isMember) expected.add(slot)
              else expected.delete(slot)
            }
          }
          const ascending = [...expected].sort((a, b) => a - b)
          expect(list.length).toBe(ascending.length)
          expect(slotsOf(list)).toEqual(ascending)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('has the same pages as an array', () => {
    const slots = slotsUpTo(10_000, 2)
    const list = appended(slots, 1000)
    for (const [offset, limit] of [
      [0, 0],
      [0, 10],
      [4090, 10],
      [4096, 5000],
      [9990, 100],
      [10_000, 1],
      [0, 1e9],
      [20_000, 1],
    ] as const) {
      expect(list.page(offset, limit)).toEqual(slots.slice(offset, offset + limit))
    }
  })

  it('gives chunks that do not change when the list does', () => {
    const list = appended(slotsUpTo(5000, 2), 700)
    const { chunks } = list
    const before = chunks.map((chunk) => [...chunk])
    list.append(Uint32Array.of(20_000, 20_001))
    list.change(
      new Map([
        [0, false],
        [1, true],
        [9998, false],
      ]),
    )
    expect(chunks.map((chunk) => [...chunk])).toEqual(before)
    expect(slotsOf(list).slice(-2)).toEqual([20_000, 20_001])
  })

  it('of thousands of slots that come in between is split into chunks again', () => {
    const list = SlotList.of(slotsUpTo(100, 1000))
    list.change(new Map(Array.from({ length: 50_000 }, (_, i) => [i * 2, true])))
    expect(list.length).toBe(50_000)
    expect(Math.max(...list.chunks.map(({ length }) => length))).toBeLessThan(10_000)
  })

  it('can be empty', () => {
    const list = SlotList.of(new Uint32Array(0))
    expect([list.length, list.chunks, list.page(0, 5)]).toEqual([0, [], new Uint32Array(0)])
    list.change(new Map([[7, false]]))
    expect(list.length).toBe(0)
    list.change(new Map([[7, true]]))
    expect(slotsOf(list)).toEqual([7])
    list.change(new Map([[7, false]]))
    expect(list.chunks).toEqual([])
  })
})

describe('a cursor of a list of slots', () => {
  it('visits each slot, and knows at any position which slots the list has', () => {
    const slots = slotsUpTo(9000, 2)
    const cursor = new SlotCursor(appended(slots, 4096))
    expect([0, 1, 8190, 8191, 8192, 17_998, 17_999, 50_000].map((slot) => cursor.has(slot))).toEqual([
      ...[true, false, true, false, true, true, false, false],
    ])
    const visited: number[] = []
    for (; cursor.slot !== Number.POSITIVE_INFINITY; cursor.advance()) visited.push(cursor.slot)
    expect(visited).toEqual([...slots])
    expect(cursor.has(8190)).toBe(true)
  })

  it('of an empty list has no slot', () => {
    const cursor = new SlotCursor(new SlotList())
    expect([cursor.slot, cursor.has(0)]).toEqual([Number.POSITIVE_INFINITY, false])
  })
})
