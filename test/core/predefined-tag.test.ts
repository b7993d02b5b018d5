import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  comparePredefinedTags,
  matchesPredefinedTag,
  type PredefinedTag,
  type PredefinedTagOrder,
} from '../../src/core/predefined-tag.ts'

// Contract 5, T2: order and filter of predefined tags.

/** `key=value@time` as a tag; the time in seconds. */
function tag(text: string): PredefinedTag {
  const [pair = '', time = '0'] = text.split('@')
  const [key = '', value = ''] = pair.split('=')
  return { key, value, updatedAtMs: Math.round(Number(time) * 1000) }
}

const textOf = ({ key, value, updatedAtMs }: PredefinedTag) => `${key}=${value}@${updatedAtMs / 1000}`

const TAGS = ['b=1@1', 'b=2@1', 'b=3@2', 'a=1@2', 'a=2@1', 'c=1@1'].map(tag)

describe('comparePredefinedTags', () => {
  it.each<[PredefinedTagOrder['field'], PredefinedTagOrder['method'], string[]]>([
    // Ties are broken by key and value, ascending.
    ['update_time', 'asc', ['a=2@1', 'b=1@1', 'b=2@1', 'c=1@1', 'a=1@2', 'b=3@2']],
    ['update_time', 'desc', ['a=1@2', 'b=3@2', 'a=2@1', 'b=1@1', 'b=2@1', 'c=1@1']],
    // Ties are broken by time, newest first, then by value, ascending.
    ['key', 'asc', ['a=1@2', 'a=2@1', 'b=3@2', 'b=1@1', 'b=2@1', 'c=1@1']],
    ['key', 'desc', ['c=1@1', 'b=3@2', 'b=1@1', 'b=2@1', 'a=1@2', 'a=2@1']],
    // Ties are broken by time, newest first, then by key, ascending.
    ['value', 'asc', ['a=1@2', 'b=1@1', 'c=1@1', 'a=2@1', 'b=2@1', 'b=3@2']],
    ['value', 'desc', ['b=3@2', 'a=2@1', 'b=2@1', 'a=1@2', 'b=1@1', 'c=1@1']],
  ])('predefined tags are sorted by %s %s with the ties of the contract', (field, method, expected) => {
    expect(TAGS.toSorted(comparePredefinedTags({ field, method })).map(textOf)).toEqual(expected)
  })

  it.each(['update_time', 'key', 'value'] as const)(
    'a sort by %s does not distinguish times within one second',
    (field) => {
      for (const method of ['asc', 'desc'] as const) {
        const compare = comparePredefinedTags({ field, method })
        expect(compare(tag('k=v@1.999'), tag('k=v@1'))).toBe(0)
        expect(Math.abs(compare(tag('k=v@1.999'), tag('k=v@2')))).toBeGreaterThan(0)
        const ordered = ['b=2@1.2', 'a=1@1', 'b=1@1.1', 'a=2@1.3'].map(tag).sort(compare)
        const plain = ['b=2@1', 'a=1@1', 'b=1@1', 'a=2@1'].map(tag).sort(compare)
        expect(ordered.map(({ key, value }) => key + value)).toEqual(plain.map(({ key, value }) => key + value))
      }
    },
  )

  it('predefined tags are sorted by code point', () => {
    const tags = ['\u{1F600}=@1', '\uFFFD=@1', 'a=@1', 'B=@1'].map(tag)
    const ordered = tags.sort(comparePredefinedTags({ field: 'key', method: 'asc' }))
    expect(ordered.map(({ key }) => key)).toEqual(['B', 'a', '\uFFFD', '\u{1F600}'])
  })

  it('comparePredefinedTags is antisymmetric, and 0 only for equal tags', () => {
    const text = fc.constantFrom('a', 'b', 'B', '')
    const anyTag = fc.record({
      key: text,
      value: text,
      updatedAtMs: fc.integer({ min: 0, max: 2 }).map((n) => n * 1000),
    })
    const order = fc.record({
      field: fc.constantFrom('update_time' as const, 'key' as const, 'value' as const),
      method: fc.constantFrom('asc' as const, 'desc' as const),
    })
    fc.assert(
      fc.property(order, anyTag, anyTag, (by, a, b) => {
        const compare = comparePredefinedTags(by)
        expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a))).toBe(0)
        expect(compare(a, b) === 0).toBe(textOf(a) === textOf(b))
      }),
    )
  })
})

describe('matchesPredefinedTag', () => {
  it.each<[{ key?: string; value?: string }, boolean]>([
    [{}, true],
    [{ key: '', value: '' }, true],
    [{ key: 'NV' }, true],
    [{ key: 'env1' }, true],
    [{ value: 'ev' }, true],
    [{ key: 'e', value: 'd' }, true],
    [{ key: 'e', value: 'x' }, false],
    [{ key: 'dev' }, false],
    [{ key: '*' }, false],
    [{ key: '%' }, false],
    [{ key: 'E_V' }, false],
  ])('the filter %j on ENV1=Dev gives %s', (filter, expected) => {
    expect(matchesPredefinedTag(tag('ENV1=Dev@1'), filter)).toBe(expected)
  })
})
