import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldCase } from '../../../src/core/text.ts'
import { Arena } from '../../../src/search-index/memory/arena.ts'
import {
  bytesOf,
  encodeFolded,
  encodeRaw,
  encodeText,
  foldedSpan,
  freeText,
  hashEncoded,
  hashText,
  isEncoded,
  mix,
  readRaw,
  readText,
  storeName,
  storeText,
} from '../../../src/search-index/memory/encoded-text.ts'
import { anyText } from '../any-text.ts'

const wellFormed = anyText.map((text) => text.toWellFormed())

const encoder = new TextEncoder()
const escaped = (text: string) => encoder.encode(JSON.stringify(text).slice(1, -1))

describe('a stored text', () => {
  it('a stored text is decoded unchanged, and its bytes have JSON escapes', () => {
    const arena = new Arena('plain')
    fc.assert(
      fc.property(anyText, fc.boolean(), (text, asName) => {
        let address: number
        if (asName) address = storeName(arena, text)
        else {
          encodeText(text)
          address = storeText(arena)
        }
        expect(readText(arena, address)).toBe(text)
        expect(Buffer.from(bytesOf(arena, address)).toString()).toBe(Buffer.from(escaped(text)).toString())
        freeText(arena, address)
      }),
      { numRuns: 2000 },
    )
  })

  it.each(['\ufeff', '\ufeffname', 'a\ufeff', '\ufeff'.repeat(3), `\ufeff${'n'.repeat(60)}`])(
    'byte order marks are kept in %j',
    (text) => {
      const arena = new Arena('plain')
      expect(readText(arena, storeName(arena, text))).toBe(text)
      encodeRaw(text)
      expect(readRaw(arena, storeText(arena))).toBe(text)
    },
  )

  it('a stored text equals exactly the same text, with the same hash', () => {
    const arena = new Arena('plain')
    fc.assert(
      fc.property(anyText, anyText, fc.nat(2 ** 31), (a, b, seed) => {
        const address = storeName(arena, a)
        encodeText(b)
        expect(isEncoded(arena, address)).toBe(a === b)
        encodeText(a)
        expect(isEncoded(arena, address)).toBe(true)
        expect(hashText(arena, address, seed)).toBe(hashEncoded(seed))
        expect(hashEncoded(seed)).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 500 },
    )
  })

  it('a text that is stored without escapes is decoded unchanged', () => {
    const arena = new Arena('plain')
    fc.assert(
      fc.property(wellFormed, (text) => {
        const { bytes, length, isSpecial } = encodeRaw(text)
        expect(isSpecial).toBe(false)
        expect(Buffer.from(bytes.subarray(0, length)).equals(Buffer.from(text))).toBe(true)
        const address = storeText(arena)
        expect(readRaw(arena, address)).toBe(text)
        expect(isEncoded(arena, address)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('a text may exceed the initial buffer of the encoder', () => {
    const arena = new Arena('plain')
    for (const text of ['标'.repeat(5000), 'x'.repeat(40_000), 'x'.repeat(80_000)]) {
      encodeText(text)
      expect(readText(arena, storeText(arena))).toBe(text)
      encodeRaw(text)
      expect(readRaw(arena, storeText(arena))).toBe(text)
    }
  })

  it('a freed text returns all its memory to the arena', () => {
    const arena = new Arena('plain')
    const storeAndFree = (text: string) => freeText(arena, storeName(arena, text))
    const texts = ['', 'plain', '标签', 'a"b', 'long '.repeat(50), '环境'.repeat(50), '\ud800']
    for (const text of texts) storeAndFree(text)
    const { top } = arena
    for (const text of texts) storeAndFree(text)
    expect(arena.top).toBe(top)
  })
})

describe('the folded form', () => {
  it('the folded form follows a special name, and is computed from the bytes of a plain one', () => {
    const arena = new Arena('plain')
    fc.assert(
      fc.property(anyText, (text) => {
        const address = storeName(arena, text)
        const { start, length, isFolded } = foldedSpan(arena, address)
        const span = Buffer.from(arena.u8.subarray(start, start + length)).toString()
        expect(isFolded).toBe(encodeText(text).isSpecial)
        expect(isFolded ? span : span.toUpperCase()).toBe(foldCase(text).toWellFormed())
        const folded = encodeFolded(text)
        expect(Buffer.from(folded.bytes.subarray(0, folded.length)).toString()).toBe(foldCase(text).toWellFormed())
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['plain-1 ~', false],
    ['\u007f', false],
    ['', false],
    ['a"b', true],
    ['a\\b', true],
    ['tab\t', true],
    ['é', true],
    ['\ud800', true],
  ])('isSpecial of %j is %s', (text, isSpecial) => {
    expect(encodeText(text).isSpecial).toBe(isSpecial)
  })
})

describe('hashes', () => {
  it('hashes depend on the seed and on every byte', () => {
    const hash = (text: string, seed: number) => {
      encodeText(text)
      return hashEncoded(seed)
    }
    const texts = ['', 'a', 'b', 'ab', 'ba', 'aa', 'aaa', '标签', '标签1']
    const hashes = texts.flatMap((text) => [0, 1, 2 ** 31].map((seed) => hash(text, seed)))
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  it('any four bits of a mixed number are evenly distributed', () => {
    const histogram = (bitsFrom: number) => {
      const counts = new Array<number>(16).fill(0)
      for (let n = 0; n < 4096; n++) counts[(mix(n) >>> bitsFrom) & 15]!++
      return counts
    }
    for (const bitsFrom of [0, 8, 14, 22, 28]) {
      for (const count of histogram(bitsFrom)) expect(Math.abs(count - 256)).toBeLessThan(90)
    }
  })
})
