import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../src/api/json.ts'
import { DomainError, type Facts } from '../../src/core/errors.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const parse = (text: string, name = 'body') => parseJson(bytesOf(text), name)

function factsOf(bytes: Uint8Array | string, name = 'body'): Facts {
  try {
    parseJson(typeof bytes === 'string' ? bytesOf(bytes) : bytes, name)
  } catch (error) {
    if (error instanceof DomainError && error.code === 'body-malformed') return error.facts
    throw error
  }
  throw new Error('it was not refused')
}

const nested = (levels: number, inner = '1') => '['.repeat(levels) + inner + ']'.repeat(levels)

const SURROGATE = { name: 'well-formed', what: 'Unicode text without half surrogate pairs' }
const nulAt = (position: number) => ({
  ...{ name: 'characters', allowed: 'characters other than NUL (U+0000)' },
  found: { character: '\0', position },
})
const PROTO = { name: 'unknown-member' }
const INFINITE = { name: 'type', expected: 'a number that fits in 64 bits' }
const TOO_DEEP = { name: 'depth-max', limit: 32 }

describe('valid JSON', () => {
  it.each([
    ['{"a":[1,"x",null,true,{"b":-2.5e3}]}', { a: [1, 'x', null, true, { b: -2500 }] }],
    ['[]', []],
    ['"text"', 'text'],
    ['0', 0],
    ['null', null],
    [' \t\r\n{} \n', {}],
    ['{"constructor":1,"toString":2,"prototype":3,"":4}', { constructor: 1, toString: 2, prototype: 3, '': 4 }],
    ['"\\u6807\\ud83d\\ude00"', '标😀'],
    ['"标签😀"', '标签😀'],
    ['"__proto__"', '__proto__'],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    ['1e-400', 0],
  ])('%s is parsed', (text, expected) => {
    expect(parse(text)).toEqual(expected)
  })

  it('any serialized value is parsed to the same value', () => {
    const value = fc.jsonValue({ maxDepth: 5, stringUnit: 'grapheme' })
    fc.assert(
      fc.property(value, (value) => {
        const text = JSON.stringify(value)
        fc.pre(!text.includes('__proto__') && !text.includes('\\u0000'))
        expect(parse(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it('a byte order mark is ignored at the start and refused elsewhere', () => {
    expect(parseJson(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d), 'body')).toEqual({})
    expect(factsOf('\ufeff\ufeff{}').field).toBe('body')
    expect(factsOf('{}\ufeff').field).toBe('body')
  })
})

describe('invalid JSON', () => {
  it.each([
    '',
    ' ',
    '{',
    '{"a":1,}',
    "{'a':1}",
    '{a:1}',
    '[1,]',
    'undefined',
    'NaN',
    'Infinity',
    '01',
    '+1',
    '"\n"',
    '{} {}',
  ])("%j is refused with the parser's message", (text) => {
    let said = ''
    try {
      JSON.parse(text)
    } catch (error) {
      said = (error as SyntaxError).message
    }
    const [told = ''] = said.split(', "')
    expect(told).not.toBe('')
    expect(factsOf(text)).toEqual({ field: 'body', rule: { name: 'well-formed', what: `JSON: ${told}` } })
  })

  it('the error for invalid JSON does not quote the text, which may contain a password', () => {
    for (const text of ['{"password": geheim}', `{"password":"geheim" ${'x'.repeat(100)}`, '["geheim"', 'geheim']) {
      expect(JSON.stringify(factsOf(text))).not.toContain('geheim')
    }
  })

  it.each([
    ['a byte that never occurs', [0x22, 0xff, 0x22]],
    ['a character cut short', [0x22, 0xe6, 0xa0, 0x22]],
    ['a cut at the end', [0x22, 0xe6]],
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
    ['half a surrogate pair', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
    ['a character above U+10FFFF', [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]],
  ])('%s is refused as invalid UTF-8', (_name, bytes) => {
    expect(factsOf(Uint8Array.from(bytes), 'line')).toEqual({
      field: 'line',
      rule: { name: 'well-formed', what: 'UTF-8' },
    })
    // Nothing of it is left over for the next body.
    expect(parse('{"a":"b"}')).toEqual({ a: 'b' })
  })
})

describe('nesting', () => {
  it('32 levels of nesting are accepted', () => {
    expect(parse(nested(32))).toEqual(JSON.parse(nested(32)))
    expect(parse(`${'{"a":'.repeat(32)}1${'}'.repeat(32)}`)).toHaveProperty('a.a.a')
  })

  it('deeper nesting is refused at the first level beyond the limit', () => {
    const place = '[0]'.repeat(32)
    for (const text of [nested(33), nested(33, ''), nested(100_000)]) {
      expect(factsOf(text)).toEqual({ field: place, rule: TOO_DEEP })
    }
    const members = `${'{"a":'.repeat(33)}{}${'}'.repeat(33)}`
    expect(factsOf(members)).toEqual({ field: `a${'.a'.repeat(31)}`, rule: TOO_DEEP })
  })
})

describe('a member __proto__', () => {
  it.each([
    ['{"__proto__":1}', '__proto__'],
    ['{"__proto__":{"a":1}}', '__proto__'],
    ['{"a":{"__proto__":null}}', 'a.__proto__'],
    ['{"a":[0,{"b":{"__proto__":[]}}]}', 'a[1].b.__proto__'],
    ['[{"__proto__":1}]', '[0].__proto__'],
    ['{"\\u005f_proto__":1}', '__proto__'],
  ])('%s is refused at %s', (text, field) => {
    expect(factsOf(text)).toEqual({ field, rule: PROTO })
  })
})

describe('strings and numbers that cannot be stored', () => {
  it.each([
    ['"\\u0000"', 'body', nulAt(1), '\0'],
    ['{"a":"x\\u0000y"}', 'a', nulAt(2), 'x\0y'],
    ['{"a":{"b":[0,"\\u0000"]}}', 'a.b[1]', nulAt(1), '\0'],
    ['{"a":"\\ud83d"}', 'a', SURROGATE, '\ud83d'],
    ['{"a":["\\ude00\\ud83d"]}', 'a[0]', SURROGATE, '\ude00\ud83d'],
    ['{"a":{"x\\u0000":1}}', 'a.x\0', nulAt(2), 'x\0'],
    ['{"\\u0000":1}', '\0', nulAt(1), '\0'],
    ['{"a":[{"\\udfff":1}]}', 'a[0].\udfff', SURROGATE, '\udfff'],
  ])('%s is refused at %s', (text, field, rule, value) => {
    expect(factsOf(text)).toEqual({ field, rule, value })
  })

  it.each([
    ['1e400', 'body'],
    ['-1e400', 'body'],
    ['{"a":{"b":1e309}}', 'a.b'],
    ['{"a":[1,-1e999]}', 'a[1]'],
  ])('%s is refused at %s as a number that overflows', (text, field) => {
    expect(factsOf(text)).toEqual({ field, rule: INFINITE })
  })
})

describe('paths of faults', () => {
  it('the path of a fault starts with a member, not with the name of the whole', () => {
    expect(factsOf('{"tags":[{"key":"\\u0000"}]}').field).toBe('tags[0].key')
    expect(factsOf('[[0,"\\u0000"]]', 'line').field).toBe('[0][1]')
    expect(factsOf('"\\u0000"', 'line').field).toBe('line')
  })

  it('a nested member with the name of the whole is part of the path', () => {
    expect(factsOf('{"body":{"key":"\\u0000"}}').field).toBe('body.key')
  })

  it('the path leads to the first fault', () => {
    expect(factsOf('{"a":[1,2],"b":1e400,"c":"\\u0000"}').field).toBe('b')
  })
})
