import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LIVE, TagDictionary, UNTAGGED } from '../../src/search-index/dictionary.ts'
import { Arena } from '../../src/search-index/memory/arena.ts'
import { anyText } from './any-text.ts'
import { KERNEL_MODES } from './indexes.ts'

function dictionaryOf(mode: 'plain' | 'wasm' = 'plain', seed = 0): TagDictionary {
  const dictionary = new TagDictionary(new Arena(mode), seed)
  dictionary.addBuiltInTerms()
  return dictionary
}

function slotsOf({ postings }: TagDictionary, term: number): number[] {
  const slots: number[] = []
  postings.forEach(term, (slot) => slots.push(slot))
  return slots
}

describe.each(KERNEL_MODES)('TagDictionary with %s kernels', (mode) => {
  it('after any changes each key and pair has a posting of exactly the slots that carry it', () => {
    const text = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('a', 'b', 'A', '', '__proto__', '标签') }, anyText)
    const operation = fc.record({ slot: fc.nat(9), key: text, value: text, removes: fc.constantFrom(true, false) })
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80, size: 'max' }), fc.nat(2 ** 31), (operations, seed) => {
        const dictionary = dictionaryOf(mode, seed)
        /** For each slot, the value and term by key. */
        const model = Array.from({ length: 10 }, () => new Map<string, { value: string; term: number }>())
        for (const { slot, key, value, removes } of operations) {
          const tags = model[slot] as (typeof model)[0]
          const before = tags.get(key)
          if (before !== undefined) dictionary.release(slot, before.term)
          tags.delete(key)
          if (!removes) tags.set(key, { value, term: dictionary.assign(slot, key, value) })
        }
        const carriers = (key: string, value?: string) =>
          model.flatMap((tags, slot) =>
            tags.has(key) && (value === undefined || tags.get(key)?.value === value) ? [slot] : [],
          )
        const keys = new Set(model.flatMap((tags) => [...tags.keys()]))
        expect(dictionary.keyCount).toBe(keys.size)
        for (const { key, value } of operations) {
          const keyTerm = dictionary.key(key)
          expect(keyTerm === -1).toBe(!keys.has(key))
          if (keyTerm === -1) continue
          expect([dictionary.isKey(keyTerm), dictionary.text(keyTerm)]).toEqual([true, key])
          expect(slotsOf(dictionary, keyTerm)).toEqual(carriers(key))
          const term = dictionary.pair(keyTerm, value)
          expect(term === -1 ? [] : slotsOf(dictionary, term)).toEqual(carriers(key, value))
          if (term === -1) continue
          expect([dictionary.isKey(term), dictionary.keyOf(term)]).toEqual([false, keyTerm])
          expect(dictionary.tag(term)).toEqual({ key, value })
        }
        for (const tags of model)
          for (const [key, { value, term }] of tags) expect(dictionary.tag(term)).toEqual({ key, value })
      }),
      { numRuns: 60 },
    )
  })
})

it('a new dictionary has only the two built-in terms, which no text finds', () => {
  const dictionary = dictionaryOf()
  expect([dictionary.termCount, dictionary.keyCount]).toEqual([2, 0])
  expect([dictionary.isKey(LIVE), dictionary.isKey(UNTAGGED), dictionary.key('')]).toEqual([false, false, -1])
})

it('the number and the memory of a removed term are reused', () => {
  const arena = new Arena('plain')
  const dictionary = new TagDictionary(arena, 0)
  dictionary.addBuiltInTerms()
  dictionary.assign(0, 'other', 'x')
  const churn = (n: number) => dictionary.release(1, dictionary.assign(1, `key-${n % 10}`, `value-${n % 10}`))
  churn(0)
  const { termCount } = dictionary
  const { top } = arena
  for (let n = 1; n < 3000; n++) churn(n)
  expect([dictionary.termCount, dictionary.keyCount, arena.top]).toEqual([termCount, 1, top])
  expect(dictionary.key('key-1')).toBe(-1)
  expect(dictionary.inUse.page(0, 9)).toEqual([{ key: 'other', values: ['x'] }])
})

it('a key stays in use while a slot carries another of its values', () => {
  const dictionary = dictionaryOf()
  const a = dictionary.assign(0, 'k', 'a')
  const b = dictionary.assign(1, 'k', 'b')
  dictionary.release(0, a)
  const key = dictionary.key('k')
  expect([dictionary.keyOf(b), dictionary.pair(key, 'a'), dictionary.keyCount]).toEqual([key, -1, 1])
  expect(slotsOf(dictionary, key)).toEqual([1])
})

it('a value and a key with the same text are different terms, and so are equal values of two keys', () => {
  const dictionary = dictionaryOf()
  const terms = [dictionary.assign(0, 'a', 'a'), dictionary.assign(0, 'b', 'a'), dictionary.assign(0, 'b2', '')]
  expect(new Set([...terms, dictionary.key('a'), dictionary.key('b')]).size).toBe(5)
  expect(dictionary.pair(dictionary.key('a'), 'a')).toBe(terms[0])
  expect(dictionary.pair(dictionary.key('b'), 'a')).toBe(terms[1])
})

it('more keys can be found than the cache holds', () => {
  const dictionary = dictionaryOf()
  for (let n = 0; n < 5000; n++) dictionary.assign(n % 7, `key-${n}`, 'v')
  for (let round = 0; round < 2; round++) {
    for (let n = 0; n < 5000; n++) {
      const term = dictionary.key(`key-${n}`)
      if (dictionary.text(term) !== `key-${n}`)
        expect({ n, text: dictionary.text(term) }).toEqual({ n, text: `key-${n}` })
    }
  }
  expect(dictionary.keyCount).toBe(5000)
})

it('a tag has the text of its key, also when the number of the key was that of another one, and of more keys than the cache holds', () => {
  const dictionary = dictionaryOf()
  const before = dictionary.assign(0, 'before', 'v')
  const keyTerm = dictionary.keyOf(before)
  expect(dictionary.tag(before)).toEqual({ key: 'before', value: 'v' })
  dictionary.release(0, before)
  const terms = Array.from({ length: 5000 }, (_, n) => dictionary.assign(0, `key-${n}`, 'v'))
  expect(terms.some((term) => dictionary.keyOf(term) === keyTerm)).toBe(true)
  for (let round = 0; round < 2; round++) {
    expect(terms.map((term) => dictionary.tag(term).key)).toEqual(terms.map((_, n) => `key-${n}`))
  }
})

it('a restored dictionary finds and reuses terms like the original', () => {
  const arena = new Arena('plain')
  const dictionary = new TagDictionary(arena, 3)
  dictionary.addBuiltInTerms()
  const terms = Array.from({ length: 600 }, (_, n) => dictionary.assign(n, `k${n % 40}`, `v${n % 200}`))
  for (const [n, term] of terms.entries()) if (n % 200 < 30) dictionary.release(n, term)
  const other = new TagDictionary(arena, 3)
  other.restore(dictionary.state())
  expect([other.termCount, other.keyCount]).toEqual([dictionary.termCount, dictionary.keyCount])
  expect(other.inUse.page(0, 1e6)).toEqual(dictionary.inUse.page(0, 1e6))
  expect(slotsOf(other, other.key('k35'))).toEqual(slotsOf(dictionary, dictionary.key('k35')))
  const { termCount } = other
  for (let n = 0; n < 30; n++) other.assign(n, 'k35', `new-${n}`)
  expect(other.termCount).toBe(termCount)
  expect(other.pair(other.key('k35'), 'new-29')).toBeGreaterThan(1)
})
