import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  clearBit,
  countBits,
  hasBit,
  intersect,
  popcount,
  setBit,
  sliceBits,
  subtract,
  unite,
  wordsFor,
} from '../../src/core/bitmap.ts'

const members = fc.uniqueArray(fc.oneof(fc.nat(200), fc.constantFrom(0, 31, 32, 63, 64, 159, 191)), { maxLength: 60 })

function wordsOf(slots: Iterable<number>, length: number): Uint32Array {
  const words = new Uint32Array(length)
  for (const slot of slots) words[slot >>> 5] = ((words[slot >>> 5] as number) | (2 ** (slot & 31))) >>> 0
  return words
}

function slotsOf(words: Uint32Array): number[] {
  return Array.from(words, (word, i) =>
    Array.from({ length: 32 }, (_, bit) => (Math.floor(word / 2 ** bit) % 2 === 1 ? i * 32 + bit : -1)),
  )
    .flat()
    .filter((slot) => slot >= 0)
}

const ascending = (slots: Iterable<number>) => [...slots].sort((a, b) => a - b)

it('wordsFor gives how many words of 32 hold so many slots', () => {
  expect([0, 1, 31, 32, 33, 64, 65, 1_000_000].map(wordsFor)).toEqual([0, 1, 1, 1, 2, 2, 3, 31_250])
})

describe('single bits', () => {
  it('are set, found and cleared, each alone', () => {
    for (const slot of [0, 1, 30, 31, 32, 62, 63]) {
      const words = new Uint32Array(2)
      setBit(words, slot)
      expect(slotsOf(words)).toEqual([slot])
      for (let other = 0; other < 64; other++) expect(hasBit(words, other)).toBe(other === slot)
      words.fill(0xffffffff)
      clearBit(words, slot)
      expect(slotsOf(words)).toEqual(Array.from({ length: 64 }, (_, i) => i).filter((other) => other !== slot))
    }
  })

  it('are not there beyond the end', () => {
    const words = Uint32Array.of(0xffffffff)
    expect([31, 32, 64, 4096].map((slot) => hasBit(words, slot))).toEqual([true, false, false, false])
    expect(hasBit(new Uint32Array(0), 0)).toBe(false)
  })
})

describe('two sets, one perhaps shorter', () => {
  const pair = fc.tuple(members, members, fc.nat(7), fc.nat(7))
  /** The members that fit into so many words. */
  const fitting = (slots: readonly number[], length: number) => new Set(slots.filter((slot) => slot < length * 32))

  it('intersect keeps what is in both', () => {
    fc.assert(
      fc.property(pair, ([a, b, lengthA, lengthB]) => {
        const [left, right] = [fitting(a, lengthA), fitting(b, lengthB)]
        const into = wordsOf(left, lengthA)
        intersect(into, wordsOf(right, lengthB))
        expect(slotsOf(into)).toEqual(ascending([...left].filter((slot) => right.has(slot))))
      }),
    )
  })

  it('subtract takes away what is in the other', () => {
    fc.assert(
      fc.property(pair, ([a, b, lengthA, lengthB]) => {
        const [left, right] = [fitting(a, lengthA), fitting(b, lengthB)]
        const into = wordsOf(left, lengthA)
        subtract(into, wordsOf(right, lengthB))
        expect(slotsOf(into)).toEqual(ascending([...left].filter((slot) => !right.has(slot))))
      }),
    )
  })

  it('unite adds what is in the other, below the end of the first', () => {
    fc.assert(
      fc.property(pair, ([a, b, lengthA, lengthB]) => {
        const [left, right] = [fitting(a, lengthA), fitting(b, Math.min(lengthA, lengthB))]
        const into = wordsOf(left, lengthA)
        unite(into, wordsOf(right, lengthB))
        expect(slotsOf(into)).toEqual(ascending(new Set([...left, ...right])))
      }),
    )
  })
})

describe('counting', () => {
  it('counts the bits of a word', () => {
    expect([0, 1, 0x80000000, 0xffffffff, 0x55555555, 0xf0f0f0f0, 0x7fffffff].map(popcount)).toEqual([
      0, 1, 1, 32, 16, 16, 31,
    ])
    const slow = (word: number) => word.toString(2).replaceAll('0', '').length
    fc.assert(
      fc.property(fc.nat(0xffffffff), (word) => {
        expect(popcount(word)).toBe(slow(word))
      }),
    )
  })

  it('counts the bits of a set', () => {
    expect(countBits(new Uint32Array(0))).toBe(0)
    fc.assert(
      fc.property(members, (slots) => {
        expect(countBits(wordsOf(slots, 8))).toBe(slots.length)
      }),
    )
  })
})

describe('sliceBits', () => {
  it('gives the members from every offset up to every limit', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(130), { maxLength: 24 }), (slots) => {
        const words = wordsOf(slots, 5)
        const sorted = ascending(slots)
        for (let offset = 0; offset <= slots.length + 1; offset++) {
          for (let limit = 0; limit <= slots.length + 1; limit++) {
            expect(sliceBits(words, offset, limit)).toEqual(sorted.slice(offset, offset + limit))
          }
        }
      }),
      { numRuns: 40 },
    )
  })

  it('goes through full words', () => {
    const words = new Uint32Array(3).fill(0xffffffff)
    const all = Array.from({ length: 96 }, (_, slot) => slot)
    expect(sliceBits(words, 0, Number.POSITIVE_INFINITY)).toEqual(all)
    for (const offset of [0, 1, 31, 32, 33, 63, 64, 95, 96]) {
      for (const limit of [1, 31, 32, 33, 96]) {
        expect(sliceBits(words, offset, limit)).toEqual(all.slice(offset, offset + limit))
      }
    }
  })

  it('gives nothing of an empty set and from an offset beyond all', () => {
    expect(sliceBits(new Uint32Array(0), 0, 10)).toEqual([])
    expect(sliceBits(new Uint32Array(4), 0, 10)).toEqual([])
    expect(sliceBits(Uint32Array.of(1), 1e20, 10)).toEqual([])
  })
})
