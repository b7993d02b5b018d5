import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Arena } from '../../../src/search-index/memory/arena.ts'
import { Column, F64Column, U8Column, U32Column } from '../../../src/search-index/memory/column.ts'

const KINDS = [
  ['U8Column', U8Column, 2 ** 14, (n: number) => n & 0xff],
  ['U32Column', U32Column, 2 ** 12, (n: number) => Math.imul(n, 0x9e37_79b1) >>> 0],
  ['F64Column', F64Column, 2 ** 11, (n: number) => n / 3 - 1000],
] as const

describe.each(KINDS)('%s', (_name, Kind, chunkItems, value) => {
  it('a column has the items of an array, across chunk boundaries', () => {
    const length = fc.oneof(
      fc.nat(40),
      fc.nat(3 * chunkItems),
      fc.constantFrom(chunkItems - 1, chunkItems, chunkItems + 1),
    )
    fc.assert(
      fc.property(fc.array(length, { minLength: 1, maxLength: 5 }), fc.nat(2 ** 20), (lengths, seed) => {
        const arena = new Arena('plain')
        const column = new Kind(arena)
        const neighbour = new Kind(arena)
        const list: number[] = []
        for (const target of lengths) {
          // The neighbour occupies the memory after each chunk, so that a write past the end is detected.
          while (list.length < target) {
            column.push(value(seed + list.length))
            neighbour.push(value(list.length))
            list.push(value(seed + list.length))
          }
          if (target > 0) {
            const at = seed % target
            column.set(at, value(target))
            list[at] = value(target)
          }
        }
        expect(column.length).toBe(list.length)
        expect(Array.from(list, (_, i) => column.get(i))).toEqual(list)
        expect(list.every((_, i) => neighbour.get(i) === value(i))).toBe(true)
      }),
      { numRuns: 15 },
    )
  })

  it('resizing keeps the items, and a restored column has them too', () => {
    const arena = new Arena('plain')
    const column = new Kind(arena)
    expect(column.chunkItems).toBe(chunkItems)
    column.push(value(1))
    for (const length of [17, 100, chunkItems, 5 * chunkItems + 1]) {
      column.resize(length)
      expect([column.length, column.get(0)]).toEqual([length, value(1)])
      column.set(length - 1, value(length))
      expect(column.get(length - 1)).toBe(value(length))
    }
    const other = new Kind(arena)
    other.restore(column.state())
    column.resize(3)
    expect([other.length, other.get(5 * chunkItems)]).toEqual([5 * chunkItems + 1, value(5 * chunkItems + 1)])
    other.push(value(2))
    expect(other.get(other.length - 1)).toBe(value(2))
  })

  it('free returns all memory to the arena', () => {
    const arena = new Arena('plain')
    const column = new Kind(arena)
    column.free()
    for (const length of [1, 500, 7 * chunkItems]) {
      column.resize(length)
      column.free()
      expect(column.length).toBe(0)
      const { top } = arena
      column.resize(length)
      column.free()
      expect(arena.top).toBe(top)
    }
  })
})

it('items of 16 bytes are aligned and contiguous within a chunk', () => {
  const column = new Column(new Arena('plain'), 4)
  column.resize(3000)
  const addresses = Array.from({ length: 3000 }, (_, i) => column.address(i))
  expect(new Set(addresses).size).toBe(3000)
  for (const [i, address] of addresses.entries()) {
    expect(address % 8).toBe(0)
    if (i % column.chunkItems !== 0) expect(address - (addresses[i - 1] as number)).toBe(16)
  }
})
