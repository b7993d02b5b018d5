import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareCodePoints } from '../../src/core/text.ts'
import { TagDictionary } from '../../src/search-index/dictionary.ts'
import { Arena } from '../../src/search-index/memory/arena.ts'
import type { TagsView } from '../../src/search-index/tags-view.ts'

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

it('any page and any view list keys and values in code point order as they were, with changes before, between and after', () => {
  const text = fc.constantFrom(...TEXTS)
  const operation = fc.record({
    kind: fc.constantFrom('assign', 'assign', 'release', 'page', 'json', 'prepare', 'prepare', 'view'),
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
      const views: { readonly view: TagsView; readonly expected: ReturnType<typeof inOrder> }[] = []
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
        else if (kind === 'prepare') dictionary.inUse.prepare(1 + limit)
        else if (kind === 'view') {
          // The tags are collected in parts, between which tags change.
          if (dictionary.inUse.prepare(1))
            views.push({ view: dictionary.inUse.view(), expected: inOrder([...tags.values()]) })
        } else {
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
      for (const { view, expected } of views) {
        expect(view.keyCount).toBe(expected.length)
        expect([...view.keys()]).toEqual(expected.map(({ key }) => key))
        expect([...view.parts(0, 99)]).toEqual(expected)
        expect([...view.pairs()]).toEqual(
          expected.flatMap(({ key, values }) => values.map((value) => ({ key, value }))),
        )
        expect(`[${[...view.json(0, 99)].join('')}]`).toBe(JSON.stringify(expected))
        for (const key of TEXTS) {
          expect([...view.valuesOf(key)]).toEqual(expected.find((each) => each.key === key)?.values ?? [])
        }
      }
    }),
    { numRuns: 500 },
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

it('a key with thousands of values, and thousands of keys, are listed in order after changes of any of them', () => {
  const dictionary = new TagDictionary(new Arena('plain'), 0)
  dictionary.addBuiltInTerms()
  const name = (i: number) => String((i * 7919) % 5003)
  const terms = new Map<string, number>()
  for (let i = 0; i < 5003; i++) {
    terms.set(name(i), dictionary.assign(i, 'key', name(i)))
    dictionary.assign(i, `key-${name(i)}`, 'v')
  }
  const all = Array.from({ length: 5003 }, (_, i) => String(i)).sort(compareCodePoints)
  expect(dictionary.inUse.page(0, 1)).toEqual([{ key: 'key', values: all }])
  const before = dictionary.inUse.view()
  for (let i = 0; i < 5003; i += 2) dictionary.release(i, terms.get(name(i)) as number)
  const odd = Array.from({ length: 2501 }, (_, i) => name(i * 2 + 1)).sort(compareCodePoints)
  expect(dictionary.inUse.page(0, 1)).toEqual([{ key: 'key', values: odd }])
  expect(JSON.parse(`[${dictionary.inUse.pageJson(0, 2)}]`)[0]).toEqual({ key: 'key', values: odd })
  expect([...before.valuesOf('key')]).toEqual(all)
  expect(dictionary.inUse.page(2000, 2)).toEqual(all.slice(1999, 2001).map((n) => ({ key: `key-${n}`, values: ['v'] })))
})
