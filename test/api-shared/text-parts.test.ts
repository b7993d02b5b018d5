import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type TextPart, TextParts } from '../../src/api/text-parts.ts'

function encoded(texts: readonly string[]): { readonly text: string; readonly parts: readonly TextPart[] } {
  const encoder = new TextParts()
  const parts = texts.map((text) => encoder.add(text)).filter((part) => part !== undefined)
  const rest = encoder.end()
  if (typeof rest === 'string') return { text: rest, parts }
  const all = [...parts, ...rest]
  return { text: Buffer.concat(all.map(({ bytes }) => bytes)).toString(), parts: all }
}

it('parts contain all texts in order, whatever their lengths', () => {
  const piece = fc.record({ text: fc.string({ unit: 'binary' }), times: fc.nat(3000) })
  const texts = fc.array(piece.map(({ text, times }) => text.repeat(times).toWellFormed()))
  fc.assert(
    fc.property(texts, (all) => {
      expect(encoded(all).text).toBe(all.join(''))
    }),
  )
})

it('a text that is longer than a part has a buffer of its own', () => {
  const long = '\u{1F600}'.repeat(100_000)
  const { text, parts } = encoded(['before', long, 'after'])
  expect(text).toBe(`before${long}after`)
  expect(parts.map(({ bytes }) => bytes.length)).toEqual([4 * 100_000 + 'beforeafter'.length])
})

it('the buffer of a released part is used again once, and others are not', () => {
  const [first, second] = [encoded(['a'.repeat(5000)]), encoded(['b'.repeat(5000)])]
  const part = first.parts[0] as TextPart
  part.release()
  part.release()
  const others = [encoded(['c'.repeat(5000)]), encoded(['d'.repeat(5000)])].map(({ parts }) => parts[0] as TextPart)
  expect(others.filter(({ bytes }) => bytes.buffer === part.bytes.buffer)).toHaveLength(1)
  expect(second.parts.map(({ bytes }) => Buffer.from(bytes).toString()).join('')).toBe('b'.repeat(5000))
})
