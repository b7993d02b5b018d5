import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Arena } from '../../../src/search-index/memory/arena.ts'
import { mix } from '../../../src/search-index/memory/encoded-text.ts'
import { HashTable } from '../../../src/search-index/memory/hash-table.ts'
import { KERNEL_MODES } from '../indexes.ts'

/** A hash table of numeric keys, and a map with the same entries. */
class CheckedTable {
  readonly arena: Arena
  readonly table: HashTable
  readonly ids = new Map<number, number>()
  readonly #keys: number[] = []
  readonly #hash: (key: number) => number
  #probe = -1

  constructor(mode: 'plain' | 'wasm', hash: (key: number) => number) {
    this.#hash = hash
    this.arena = new Arena(mode)
    this.table = new HashTable(this.arena, {
      hashOf: (id) => hash(this.#keys[id] as number),
      equalsProbe: (id) => this.#keys[id] === this.#probe,
    })
  }

  find(key: number): number {
    this.#probe = key
    return this.table.find(this.#hash(key))
  }

  add(key: number): void {
    if (this.ids.has(key)) return
    const id = this.#keys.push(key) - 1
    this.table.add(this.#hash(key), id)
    this.ids.set(key, id)
  }

  remove(key: number): void {
    const id = this.ids.get(key)
    if (id === undefined) return
    this.table.remove(this.#hash(key), id)
    this.ids.delete(key)
  }

  /** Compares the table with the map for all keys below a bound. */
  check(below: number): void {
    for (let key = 0; key < below; key++) {
      const found = this.find(key)
      if (found !== (this.ids.get(key) ?? -1)) expect({ key, found }).toEqual({ key, found: this.ids.get(key) ?? -1 })
    }
  }
}

const HASHES = [
  ['well mixed', (key: number) => mix(key)],
  ['equal for groups of four keys', (key: number) => mix(key >>> 2)],
  ['equal in the bits of the directory', (key: number) => (mix(key) & 0xffff_ff00) >>> 0],
  ['equal in the bits of the position', (key: number) => mix(key) & 0x003f_ffff],
] as const

describe.each(KERNEL_MODES)('HashTable with %s kernels', (mode) => {
  it.each(HASHES)('after any changes ids are found as in a map, with hashes that are %s', (_label, hash) => {
    const operation = fc.record({
      kind: fc.constantFrom('add', 'add', 'remove'),
      start: fc.nat(2500),
      length: fc.oneof(fc.constant(1), fc.integer({ min: 100, max: 900 })),
    })
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 20 }), (operations) => {
        const checked = new CheckedTable(mode, hash)
        for (const { kind, start, length } of operations) {
          for (let key = start; key < start + length; key++) checked[kind](key)
        }
        checked.check(3500)
      }),
      { numRuns: 12 },
    )
  })

  it('the table grows by single segments and loses no entry', () => {
    const checked = new CheckedTable(mode, mix)
    let directory = checked.table.state()[1]
    let doublings = 0
    let largestStep = 0
    for (let key = 0; key < 60_000; key++) {
      const { top } = checked.arena
      checked.add(key)
      largestStep = Math.max(largestStep, checked.arena.top - top)
      if (checked.table.state()[1] !== directory) doublings++
      directory = checked.table.state()[1]
    }
    expect(doublings).toBeGreaterThanOrEqual(6)
    // Two segments and a directory at most.
    expect(largestStep).toBeLessThan(16_384)
    checked.check(60_100)
    for (let key = 0; key < 60_000; key++) if (key % 3 > 0) checked.remove(key)
    checked.check(60_100)
    for (let key = 0; key < 60_000; key++) checked.add(key)
    checked.check(60_100)
  })

  it('keys that were chosen to collide are found', () => {
    // Splits cannot separate these hashes: they are equal in all bits of the directory.
    for (const hash of [() => 0x1234_5678, (key: number) => ((key << 20) | 0xabcde) >>> 0]) {
      const checked = new CheckedTable(mode, hash)
      // Enough to grow a segment twice beyond its usual maximum.
      for (let key = 0; key < 1700; key++) checked.add(key)
      expect(checked.table.state()[1]).toBe(20)
      checked.check(1710)
      for (let key = 0; key < 1700; key += 2) checked.remove(key)
      for (let key = 0; key < 1700; key += 4) checked.add(key)
      checked.check(1710)
    }
  })

  it('removing an entry moves displaced entries up, also across the end of a segment', () => {
    // The segment has eight positions. The hashes lead to the last ones, so that further entries wrap around.
    const hash = (key: number) => (key < 3 ? 0xffc0_0000 : key < 5 ? 0xdfc0_0000 : 0) >>> 0
    for (const order of [
      [0, 1, 2, 3, 4, 5],
      [5, 4, 3, 2, 1, 0],
      [3, 0, 5, 4, 1, 2],
    ]) {
      for (const gone of order) {
        const checked = new CheckedTable(mode, hash)
        for (const key of order) checked.add(key)
        checked.remove(gone)
        checked.check(8)
        checked.add(gone)
        checked.check(8)
        for (const key of order) checked.remove(key)
        checked.check(8)
      }
    }
  })
})

it('an empty table finds nothing and allocates nothing', () => {
  const checked = new CheckedTable('plain', mix)
  expect(checked.find(0)).toBe(-1)
  expect(checked.arena.capacity).toBe(0)
})

it('a restored table finds the same ids', () => {
  const checked = new CheckedTable('plain', mix)
  for (let key = 0; key < 5000; key++) checked.add(key)
  const state = checked.table.state()
  const other = new HashTable(checked.arena, { hashOf: mix, equalsProbe: (id) => id === 4711 })
  other.restore(state)
  expect(other.state()).toEqual(state)
  expect(other.find(mix(4711))).toBe(4711)
})
