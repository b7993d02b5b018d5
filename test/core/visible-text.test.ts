import { describe, expect, it } from 'vitest'
import { isBlank, toVisible, toVisibleCharacter, toVisibleLines } from '../../src/core/visible-text.ts'

const at = (codePoint: number) => String.fromCodePoint(codePoint)

const INVISIBLE: readonly (readonly [name: string, codePoint: number, shown: string])[] = [
  ['a control character', 0x07, '\\u0007'],
  ['an escape character', 0x1b, '\\u001b'],
  ['a line separator of C1', 0x85, '\\u0085'],
  ['a no-break blank', 0xa0, '\\u00a0'],
  ['a soft hyphen', 0xad, '\\u00ad'],
  ['a combining grapheme joiner', 0x034f, '\\u034f'],
  ['a Hangul filler', 0x3164, '\\u3164'],
  ['a zero-width blank', 0x200b, '\\u200b'],
  ['a zero-width joiner', 0x200d, '\\u200d'],
  ['a mark from left to right', 0x200e, '\\u200e'],
  ['an override from right to left', 0x202e, '\\u202e'],
  ['an isolate', 0x2067, '\\u2067'],
  ['a line separator', 0x2028, '\\u2028'],
  ['a paragraph separator', 0x2029, '\\u2029'],
  ['an ideographic blank', 0x3000, '\\u3000'],
  ['a Braille blank', 0x2800, '\\u2800'],
  ['a variation selector', 0xfe0f, '\\ufe0f'],
  ['a byte order mark', 0xfeff, '\\ufeff'],
  ['a tag character', 0xe0041, '\\udb40\\udc41'],
  ['a supplementary variation selector', 0xe0100, '\\udb40\\udd00'],
  ['half a surrogate pair', 0xd800, '\\ud800'],
]

describe('invisible characters', () => {
  it.each(INVISIBLE)('%s is shown by its code', (_name, codePoint, shown) => {
    const character = at(codePoint)
    expect(toVisible(`a${character}b${character}`)).toBe(`a${shown}b${shown}`)
    expect(toVisibleLines(`a${character}b`)).toBe(`a${shown}b`)
    expect(JSON.parse(`"${shown}"`)).toBe(character)
    expect([isBlank(character), isBlank(`${character}${character} `)]).toEqual([true, true])
  })

  it.each(['plain text', '中文 标签', 'Ärger, e\u0301', '🙂', '𝒳', '\\u200b', '"<>&'])('%s stays as it is', (text) => {
    expect(toVisible(text)).toBe(text)
    expect(toVisibleLines(text)).toBe(text)
    expect(isBlank(text)).toBe(false)
  })

  it('a combining character by itself is shown by its code', () => {
    expect(toVisibleCharacter('\u0301')).toBe('\\u0301')
    expect(toVisibleCharacter('é')).toBe('é')
    expect(toVisibleCharacter(at(0x200b))).toBe('\\u200b')
  })

  it('line feeds and tabs stay in text of several lines only', () => {
    expect(toVisible('a\n\tb')).toBe('a\\u000a\\u0009b')
    expect(toVisibleLines('a\n\tb\r')).toBe('a\n\tb\\u000d')
  })

  it('a JSON text keeps its meaning', () => {
    const value = { [at(0x202e)]: [at(0xe0041), 'a\nb', at(0xa0)], b: 1 }
    const shown = toVisibleLines(JSON.stringify(value, null, 2))
    expect(JSON.parse(shown)).toEqual(value)
    expect(shown).toMatch(/^[\n -~]*$/)
  })

  it('the empty text and blanks are blank', () => {
    for (const text of ['', ' ', '\n\t ']) expect(isBlank(text)).toBe(true)
  })
})
