import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareCodePoints, countCodePoints, foldCase } from '../../src/core/text.ts'
import { readVectors } from './vectors.ts'

const wellFormed = fc.string({ unit: 'binary', maxLength: 12 })

describe('countCodePoints', () => {
  it.each(readVectors<[string, number][]>('code-point-counts.json'))(
    'countCodePoints counts %j as %i',
    (text, count) => {
      expect(countCodePoints(text)).toBe(count)
    },
  )

  it('countCodePoints agrees with string iteration', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        expect(countCodePoints(text)).toBe([...text].length)
      }),
    )
  })
})

describe('compareCodePoints', () => {
  const ordered = readVectors<string[]>('code-point-order.json')

  it('compareCodePoints orders every pair of the vectors', () => {
    for (const [i, a] of ordered.entries()) {
      for (const [j, b] of ordered.entries()) {
        expect([a, b, Math.sign(compareCodePoints(a, b))]).toEqual([a, b, Math.sign(i - j)])
      }
    }
  })

  it('compareCodePoints sorts characters above U+FFFF last, unlike the built-in order', () => {
    expect(compareCodePoints('\u{10000}', '\uffff')).toBeGreaterThan(0)
    expect('\u{10000}' < '\uffff').toBe(true)
  })

  it('compareCodePoints agrees with a comparison by code point', () => {
    const slow = (a: string, b: string): number => {
      const [pointsA, pointsB] = [a, b].map((text) => Array.from(text, (c) => c.codePointAt(0) as number)) as [
        number[],
        number[],
      ]
      for (let i = 0; i < pointsA.length && i < pointsB.length; i++) {
        if (pointsA[i] !== pointsB[i]) return Math.sign((pointsA[i] as number) - (pointsB[i] as number))
      }
      return Math.sign(pointsA.length - pointsB.length)
    }
    const near = fc.string({ unit: fc.constantFrom('a', '\ue000', '\uffff', '\u{10000}', '\u{10001}'), maxLength: 4 })
    fc.assert(
      fc.property(fc.oneof(near, wellFormed), fc.oneof(near, wellFormed), (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(slow(a, b))
      }),
    )
  })
})

describe('foldCase', () => {
  type Vectors = {
    readonly same: readonly { readonly note: string; readonly texts: readonly string[] }[]
    readonly different: readonly { readonly note: string; readonly texts: readonly string[] }[]
    readonly folded: readonly [string, string][]
  }
  const { same, different, folded } = readVectors<Vectors>('case-folding.json')

  it.each(same)('foldCase makes these equal: $note', ({ texts }) => {
    expect(new Set(texts.map(foldCase)).size).toBe(1)
  })

  it.each(different)('foldCase keeps these different: $note', ({ texts }) => {
    expect(new Set(texts.map(foldCase)).size).toBe(texts.length)
  })

  it.each(folded)('foldCase folds %j to %j', (text, expected) => {
    expect(foldCase(text)).toBe(expected)
  })

  it('foldCase of a concatenation is the concatenation of the folded parts', () => {
    const unit = fc.oneof(
      fc.constantFrom('σ', 'ς', 'Σ', 'α', 'ß', 'ẞ', 'İ', 'i', 'ı', 'I', '\u0307', 'K', 'ﬁ', 'ǆ', 'ΐ', ' '),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    )
    const text = fc.string({ unit, maxLength: 8 })
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(foldCase(a + b + c)).toBe(foldCase(a) + foldCase(b) + foldCase(c))
      }),
      { numRuns: 500 },
    )
  })

  it('foldCase is idempotent', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        expect(foldCase(foldCase(text))).toBe(foldCase(text))
      }),
    )
  })
})
