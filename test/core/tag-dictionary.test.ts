import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TagDictionary } from '../../src/core/tag-dictionary.ts'

const KEYS = ['a', 'b', 'B', '', '__proto__', 'constructor', '\uffff', '\u{10000}', '标签']
const VALUES = ['', '1', '2', '\ue000', '\u{1f600}', '__proto__']

const byCodePoint = (texts: Iterable<string>) =>
  [...texts].sort((a, b) => {
    const [x, y] = [[...a], [...b]].map((t) => t.map((c) => (c.codePointAt(0) as number).toString(16).padStart(6, '0')))
    return String(x) < String(y) ? -1 : 1
  })

describe('TagDictionary', () => {
  it('does as a map from slot to tags under any changes', () => {
    const operation = fc.record({
      kind: fc.constantFrom('assign', 'assign', 'release'),
      slot: fc.nat(6),
      key: fc.constantFrom(...KEYS),
      value: fc.constantFrom(...VALUES),
      offset: fc.nat(6),
      limit: fc.nat(6),
    })
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80 }), (operations) => {
        const dictionary = new TagDictionary()
        const slots = new Map<number, Map<string, { value: string; id: number }>>()
        let pairsPeak = 0
        for (const { kind, slot, key, value, offset, limit } of operations) {
          const tags = slots.get(slot) ?? new Map<string, { value: string; id: number }>()
          slots.set(slot, tags)
          const old = tags.get(key)
          if (old !== undefined) {
            dictionary.release(slot, old.id)
            tags.delete(key)
          }
          if (kind === 'assign') tags.set(key, { value, id: dictionary.assign(slot, key, value) })

          // The pairs in use, with the number of each and its slots.
          const pairs = new Map<string, { key: string; value: string; ids: Set<number>; slots: number[] }>()
          for (const each of [...slots.keys()].sort((x, y) => x - y)) {
            for (const [k, { value: v, id }] of slots.get(each) ?? []) {
              const name = JSON.stringify([k, v])
              const pair = pairs.get(name) ?? { key: k, value: v, ids: new Set(), slots: [] }
              pair.ids.add(id)
              pair.slots.push(each)
              pairs.set(name, pair)
            }
          }
          pairsPeak = Math.max(pairsPeak, pairs.size)
          const ids = new Set<number>()
          for (const pair of pairs.values()) {
            const [id, ...others] = pair.ids
            expect(others).toEqual([])
            expect(id).toBeLessThan(pairsPeak)
            ids.add(id as number)
            const known = dictionary.pair(id as number)
            expect([known.id, known.key.key, known.value]).toEqual([id, pair.key, pair.value])
          }
          expect(ids.size).toBe(pairs.size)

          const keys = byCodePoint(new Set([...pairs.values()].map((pair) => pair.key)))
          const expected = keys.map((k) => ({
            key: k,
            values: byCodePoint([...pairs.values()].filter((pair) => pair.key === k).map((pair) => pair.value)),
          }))
          expect(dictionary.keyCount).toBe(keys.length)
          expect(dictionary.keys(0, 100)).toEqual(expected)
          expect(dictionary.keys(offset, limit)).toEqual(expected.slice(offset, offset + limit))

          for (const v of VALUES) {
            const posting = dictionary.pairPosting(key, v)
            expect(posting && [...posting.slots()]).toEqual(pairs.get(JSON.stringify([key, v]))?.slots)
          }
          const bearers = [...slots.keys()].sort((x, y) => x - y).filter((each) => slots.get(each)?.has(key))
          const posting = dictionary.keyPosting(key)
          expect(posting && [...posting.slots()]).toEqual(bearers.length === 0 ? undefined : bearers)
        }
      }),
    )
  })

  it('gives the number of a forgotten pair to the next new one', () => {
    const dictionary = new TagDictionary()
    const first = dictionary.assign(0, 'a', '1')
    const second = dictionary.assign(0, 'b', '1')
    expect([first, second]).toEqual([0, 1])
    dictionary.release(0, first)
    expect(dictionary.assign(3, 'c', '1')).toBe(first)
    expect(dictionary.assign(3, 'd', '1')).toBe(2)
  })

  it('knows nothing that nobody assigned', () => {
    const dictionary = new TagDictionary()
    expect(dictionary.keyPosting('__proto__')).toBeUndefined()
    expect(dictionary.pairPosting('constructor', 'name')).toBeUndefined()
    expect(dictionary.keyCount).toBe(0)
    expect(dictionary.keys(0, 10)).toEqual([])
  })

  it('shows a value that came after the list was made', () => {
    const dictionary = new TagDictionary()
    dictionary.assign(0, 'a', '2')
    expect(dictionary.keys(0, 10)).toEqual([{ key: 'a', values: ['2'] }])
    const id = dictionary.assign(1, 'a', '1')
    expect(dictionary.keys(0, 10)).toEqual([{ key: 'a', values: ['1', '2'] }])
    dictionary.release(1, id)
    expect(dictionary.keys(0, 10)).toEqual([{ key: 'a', values: ['2'] }])
  })
})
