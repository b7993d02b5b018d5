import { describe, expect, it } from 'vitest'
import { parseJson } from '../../src/api/json.ts'
import { countMembersInText, findRepeatedMember } from '../../src/api/repeated-member.ts'
import type { DomainError } from '../../src/core/errors.ts'
import { Random } from '../support/random.ts'

function fieldOf(text: string): string | undefined {
  try {
    parseJson(new TextEncoder().encode(text), 'body')
    return undefined
  } catch (error) {
    expect(error).toMatchObject({ code: 'body-malformed', facts: { rule: { name: 'unique' } } })
    return (error as DomainError).facts.field
  }
}

describe('a member twice in one object is refused by its path (D36)', () => {
  it.each([
    ['{"a":1,"a":1}', 'a'],
    ['{"a":1,"b":{"c":1,"c":2}}', 'b.c'],
    ['{"tags":[{"key":"a"},{"key":"b","key":"c"}]}', 'tags[1].key'],
    ['[1,[{}, {"x" : 1 , "y":[] , "x"\n:\t2}]]', '[1][1].x'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"\\"":1,"\\"":2}', '"'],
    ['{"\\\\":{"a":1},"b":",","b":0}', 'b'],
    ['{"__proto_":1,"__proto_":2}', '__proto_'],
    ['{"1":1,"1":2}', '1'],
  ])('%s', (text, field) => {
    expect(fieldOf(text)).toBe(field)
  })

  it.each([
    '{"a":{"a":1},"b":"a\\":"}',
    '["a","a",":"]',
    '{"a":[{"b":1},{"b":1}],"c":"{\\"c\\":1,\\"c\\":2}"}',
    '"a":'.slice(0, 3),
  ])('but not %s, which has each member once', (text) => {
    expect(fieldOf(text)).toBeUndefined()
  })

  it('members are counted as JSON.parse sees them, in random values', () => {
    const random = new Random(20_260_302)
    const texts = ['', 'a', '"', '\\', ':', '":', '{"a":1}', '\\"', 'ä', '\u2028', ' ']
    const anything = (depth: number): unknown => {
      const kind = random.below(depth > 3 ? 3 : 5)
      if (kind < 2) return random.pick(texts)
      if (kind === 2) return random.pick([1, -0.5, true, null])
      const items = Array.from({ length: random.below(4) }, () => anything(depth + 1))
      return kind === 3 ? items : Object.fromEntries(items.map((item) => [random.pick(texts), item]))
    }
    const members = (value: unknown): number =>
      typeof value !== 'object' || value === null
        ? 0
        : Object.values(value).reduce(
            (sum, each) => sum + members(each),
            Array.isArray(value) ? 0 : Object.keys(value).length,
          )
    for (let i = 0; i < 2000; i++) {
      const value = anything(0)
      for (const text of [JSON.stringify(value), JSON.stringify(value, undefined, 2)]) {
        expect(countMembersInText(text)).toBe(members(value))
        expect(findRepeatedMember(text)).toBeUndefined()
      }
    }
  })
})
