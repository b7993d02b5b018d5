import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareCodePoints } from '../../src/core/text.ts'
import { TagDictionary } from '../../src/search-index/dictionary.ts'
import { Arena } from '../../src/search-index/memory/arena.ts'

const TEXTS = ['', 'a', 'B', 'b', '10', '9', '标签', '\uffee', '\u{1f600}', '__proto__', '"\\']

/** The expected keys and values, ascending by code point. */
function inOrder(
  tags: readonly { readonly key: string; readonly value: string }[],
): { key: string; values: string[] }[] {
  const values = new Map<string, Set<string>>()
  for (const { key, value } of tags) values.set(key, (values.get(key) ?? new Set()).add(value))
  const keys = [...values.keys()].sort(compareCodePoints)
  return keys.map((key) => ({ key, values: [...(values.get(key) as Set<string>)].sort(compareCodePoints) }))
}

it('any page lists keys and values in code point order after any changes', () => {
  const text = fc.constantFrom(...TEXTS)
  const operation = fc.record({
    kind: fc.constantFrom('assign', 'assign', 'release', 'page', 'json'),
    slot: fc.nat(5),
    key: text,
    value: text,
    offset: fc.nat(4),
    limit: fc.nat(4),
  })
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 80, size: 'max' }), (operations) => {
      const dictionary = new TagDictionary(new Arena('plain'), 0)
      dictionary.addBuiltInTerms()
      const tags = new Map<string, { key: string; value: string; slot: number; term: number }>()
      const release = (slot: number, key: string) => {
        const tag = tags.get(`${slot} ${key}`)
        if (tag !== undefined) dictionary.release(slot, tag.term)
        tags.delete(`${slot} ${key}`)
      }
      for (const { kind, slot, key, value, offset, limit } of operations) {
        if (kind === 'assign') {
          release(slot, key)
          tags.set(`${slot} ${key}`, { key, value, slot, term: dictionary.assign(slot, key, value) })
        } else if (kind === 'release') release(slot, key)
        else {
          const expected = inOrder([...tags.values()]).slice(offset, offset + limit)
          if (kind === 'page') expect(dictionary.inUse.page(offset, limit)).toEqual(expected)
          else expect(`[${dictionary.inUse.pageJson(offset, limit)}]`).toBe(JSON.stringify(expected))
        }
      }
      const expected = inOrder([...tags.values()])
      expect(dictionary.inUse.page(0, Number.MAX_SAFE_INTEGER)).toEqual(expected)
      expect(`[${dictionary.inUse.pageJson(0, Number.MAX_SAFE_INTEGER)}]`).toBe(JSON.stringify(expected))
      expect(dictionary.inUse.page(expected.length, 10)).toEqual([])
      expect(dictionary.inUse.pageJson(expected.length, 10)).toBe('')
    }),
    { numRuns: 200 },
  )
})

it('a page does not change when tags change later', () => {
  const dictionary = new TagDictionary(new Arena('plain'), 0)
  dictionary.addBuiltInTerms()
  dictionary.assign(0, 'k', 'a')
  const page = dictionary.inUse.page(0, 9)
  dictionary.assign(1, 'k', 'b')
  expect(page).toEqual([{ key: 'k', values: ['a'] }])
  expect(dictionary.inUse.page(0, 9)).toEqual([{ key: 'k', values: ['a', 'b'] }])
})
