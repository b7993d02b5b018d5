import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Arena } from '../../../src/search-index/memory/arena.ts'
import { mix } from '../../../src/search-index/memory/encoded-text.ts'
import { HashTable } from '../../../src/search-index/memory/hash-table.ts'
import { KERNEL_MODES } from '../indexes.ts'

/** Numbers for names, found by hash, beside a map that does the same. */
class Named {
  readonly arena: Arena
  readonly index: HashTable
  readonly numbers = new Map<number, number>()
  readonly #names: number[] = []
  readonly #hash: (name: number) => number
  #sought = -1

  constructor(mode: 'plain' | 'wasm', hash: (name: number) => number) {
    this.#hash = hash
    this.arena = new Arena(mode)
    this.index = new HashTable(this.arena, {
      hashOf: (id) => hash(this.#names[id] as number),
      equalsProbe: (id) => this.#names[id] === this.#sought,
    })
  }

  find(name: number): number {
    this.#sought = name
    return this.index.find(this.#hash(name))
  }

  add(name: number): void {
    if (this.numbers.has(name)) return
    const id = this.#names.push(name) - 1
    this.index.add(this.#hash(name), id)
    this.numbers.set(name, id)
  }

  remove(name: number): void {
    const id = this.numbers.get(name)
    if (id === undefined) return
    this.index.remove(this.#hash(name), id)
    this.numbers.delete(name)
  }

  /** Holds all of it against the map, for the names below a bound. */
  check(below: number): void {
    for (let name = 0; name < below; name++) {
      const found = this.find(name)
      if (found !== (this.numbers.get(name) ?? -1))
        expect({ name, found }).toEqual({ name, found: this.numbers.get(name) ?? -1 })
    }
  }
}

const HASHES = [
  ['well mixed', (name: number) => mix(name)],
  ['the same for every four', (name: number) => mix(name >>> 2)],
  ['alike in the bits that lead to a segment', (name: number) => (mix(name) & 0xffff_ff00) >>> 0],
  ['alike in the bits that lead to a place', (name: number) => mix(name) & 0x003f_ffff],
] as const

describe.each(KERNEL_MODES)('with %s kernels', (mode) => {
  it.each(HASHES)('does as a map does when hashes are %s', (_name, hash) => {
    const operation = fc.record({
      kind: fc.constantFrom('add', 'add', 'remove'),
      start: fc.nat(2500),
      length: fc.oneof(fc.constant(1), fc.integer({ min: 100, max: 900 })),
    })
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 20 }), (operations) => {
        const named = new Named(mode, hash)
        for (const { kind, start, length } of operations) {
          for (let name = start; name < start + length; name++) named[kind](name)
        }
        named.check(3500)
      }),
      { numRuns: 12 },
    )
  })

  it('grows a segment at a time, and none of it is lost', () => {
    const named = new Named(mode, mix)
    let directory = named.index.state()[1]
    let doublings = 0
    let largestStep = 0
    for (let name = 0; name < 60_000; name++) {
      const { top } = named.arena
      named.add(name)
      largestStep = Math.max(largestStep, named.arena.top - top)
      if (named.index.state()[1] !== directory) doublings++
      directory = named.index.state()[1]
    }
    expect(doublings).toBeGreaterThanOrEqual(6)
    // Two segments and a directory, never a copy of everything.
    expect(largestStep).toBeLessThan(16_384)
    named.check(60_100)
    for (let name = 0; name < 60_000; name++) if (name % 3 > 0) named.remove(name)
    named.check(60_100)
    for (let name = 0; name < 60_000; name++) named.add(name)
    named.check(60_100)
  })

  it('bears texts that were made to collide', () => {
    // The first split of these never comes: they differ only above the bits that a directory goes by.
    for (const hash of [() => 0x1234_5678, (name: number) => ((name << 20) | 0xabcde) >>> 0]) {
      const named = new Named(mode, hash)
      // So many that a segment grows twice beyond its usual room.
      for (let name = 0; name < 1700; name++) named.add(name)
      expect(named.index.state()[1]).toBe(20)
      named.check(1710)
      for (let name = 0; name < 1700; name += 2) named.remove(name)
      for (let name = 0; name < 1700; name += 4) named.add(name)
      named.check(1710)
    }
  })

  it('moves up whoever stood further on, also over the end of a segment', () => {
    // Eight places: hashes lead to the last of them, so that those that come after stand at the beginning.
    const hash = (name: number) => (name < 3 ? 0xffc0_0000 : name < 5 ? 0xdfc0_0000 : 0) >>> 0
    for (const order of [
      [0, 1, 2, 3, 4, 5],
      [5, 4, 3, 2, 1, 0],
      [3, 0, 5, 4, 1, 2],
    ]) {
      for (const gone of order) {
        const named = new Named(mode, hash)
        for (const name of order) named.add(name)
        named.remove(gone)
        named.check(8)
        named.add(gone)
        named.check(8)
        for (const name of order) named.remove(name)
        named.check(8)
      }
    }
  })
})

it('finds nothing as long as nothing was added', () => {
  const named = new Named('plain', mix)
  expect(named.find(0)).toBe(-1)
  expect(named.arena.capacity).toBe(0)
})

it('goes on from its state', () => {
  const named = new Named('plain', mix)
  for (let name = 0; name < 5000; name++) named.add(name)
  const state = named.index.state()
  const other = new HashTable(named.arena, { hashOf: mix, equalsProbe: (id) => id === 4711 })
  other.restore(state)
  expect(other.state()).toEqual(state)
  expect(other.find(mix(4711))).toBe(4711)
})
