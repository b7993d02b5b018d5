import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matches } from '../../src/core/matches.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'
import { TagIndex } from '../../src/search-index/tag-index.ts'
import { expectFound, expectPage, indexOf, KERNEL_MODES, restored } from './indexes.ts'
import { any, largeIndexOf, largeModelOf, largeOf, nth, texts } from './large.ts'
import { anyQuery, fewOf, idOf, resourceFrom } from './queries.ts'

const ALL = Number.MAX_SAFE_INTEGER
const SUBSTRINGS = [
  '',
  'e',
  'SHARED',
  'odd-1',
  'odd-1601',
  'nowhere',
  'größe-7',
  '签-1',
  'changed 1',
  '\ud83d',
  '\ufffd',
  ' LONE',
]
const WHOLE_NAMES = ['Shared', 'shared', '', 'Odd-1604', '标签-1602', '\ud83d lone', '\ufffd lone']
const nameConditions: TagQuery[] = [
  {},
  ...SUBSTRINGS.map((nameContains) => ({ nameContains })),
  ...WHOLE_NAMES.map((nameEquals) => ({ nameEquals })),
  { nameEquals: '', nameContains: '' },
  { nameEquals: '', nameContains: 'e' },
  { nameEquals: 'Shared', nameContains: 'ARE' },
]

/** Tag conditions that reach each way of execution. */
const tagConditions: TagQuery[] = [
  {},
  { withoutAnyTag: true },
  { withoutAnyTag: true, tags: [any('none')] },
  { tags: [any('all')] },
  { tags: [any('rare')] },
  { tags: [any('rare', '1', '2', '99')] },
  { tags: [any('none')] },
  { tags: [any('half'), any('third')] },
  { tags: [any('half', 'x'), any('third'), any('all', '0')] },
  { tags: [any('half', 'x'), any('all', '1')] },
  { tags: [any('first'), any('half')] },
  { tags: [any('first', '4')] },
  { tags: [any('many', '62'), any('wide')] },
  { tagsAny: [] },
  { tagsAny: [any('half'), any('third')] },
  { tagsAny: [any('first', '1', '2', '3'), any('none'), any('rare', '7')] },
  { tagsAny: [any('many', ...texts(60))], tags: [any('wide', ...texts(12))] },
  { notTags: [] },
  { notTags: [any('half')] },
  { notTags: [any('half'), any('third')] },
  { notTags: [any('half', 'x', 'y'), any('third', ''), any('wide', ...texts(20))] },
  { notTags: [any('rare'), any('all')], tags: [any('half')] },
  { notTags: [any('rare'), any('first')], tagsAny: [any('rare'), any('first')] },
  { notTags: [any('none'), any('all')] },
  { notTagsAny: [any('rare'), any('first'), any('none')] },
  { notTagsAny: [any('wide', ...texts(38))] },
  { notTagsAny: [any('many', ...texts(900))] },
  { notTagsAny: [any('all'), any('wide', '1')] },
  {
    tags: [any('wide', ...texts(15)), any('all', '0', '1', '2')],
    tagsAny: [any('many', ...texts(400)), any('third')],
    notTags: [any('half', 'x'), any('wide', ...texts(9)), any('all')],
    notTagsAny: [any('rare'), any('wide', '8', '9', '10')],
  },
  // More conditions than marks have bits.
  { tags: Array.from({ length: 32 }, () => any('all')) },
  { tags: [any('first'), ...Array.from({ length: 31 }, () => any('all'))] },
  { notTags: Array.from({ length: 31 }, (_, n) => any('wide', String(n), String(n + 1))), notTagsAny: [any('rare')] },
  { tags: [any('half')], notTags: Array.from({ length: 33 }, () => any('third')) },
]

const SEVERAL_BLOCKS = 32_768 + 2300
type Expectation = { readonly query: TagQuery; readonly expected: readonly number[] }
let expectations: Expectation[] | undefined

/** Queries over more than one block of slots and the slots that match, computed once for both kernels. */
function expectationsOfSeveralBlocks(): Expectation[] {
  const queries: TagQuery[] = [
    ...tagConditions.slice(0, 31),
    { nameContains: 'odd-33' },
    { nameContains: 'odd-3381', notTagsAny: [any('wide', ...texts(39))] },
    { nameEquals: 'even-34001', tags: [any('all')] },
    { tagsAny: [any('wide', ...texts(9)), any('many', ...texts(20))], nameContains: 'changed 3' },
  ]
  if (expectations === undefined) {
    const { changed } = largeModelOf(SEVERAL_BLOCKS)
    expectations = queries.map((query) => ({
      query,
      expected: changed.flatMap((resource, n) => (resource !== undefined && matches(resource, query) ? [n] : [])),
    }))
  }
  return expectations
}

describe.each(KERNEL_MODES)('QueryExecutor with %s kernels', (kernels) => {
  describe.each([1600, 6000])('on %d resources', (size) => {
    const { index, model } = largeOf(size, kernels)

    it('every combination of tag and name conditions finds what matches() finds', () => {
      for (const [i, condition] of tagConditions.entries()) {
        for (const name of i % 5 === size % 7 ? nameConditions : nameConditions.slice(i % 3, 7)) {
          const query = { ...condition, ...name }
          const expected = model.filter((resource) => matches(resource, query)).map(({ sequence }) => sequence - 1)
          const { total, slots } = index.find(query, 0, ALL)
          const actual = { query, count: index.count(query), total, slots: [...slots] }
          if (slots.join() !== expected.join() || total !== slots.length || actual.count !== total) {
            expect(actual).toEqual({ query, count: expected.length, total: expected.length, slots: expected })
          }
        }
      }
    })

    it('a query with an id finds that resource if it meets the other conditions', () => {
      for (const condition of tagConditions) {
        for (const n of [0, 4, 5, 6, 1000, 1550]) {
          for (const name of [{}, { nameContains: 'E' }]) {
            expectFound(index, model, { query: { ...condition, ...name, id: idOf(n) }, offset: n % 2, limit: n % 3 })
          }
        }
      }
      expectFound(index, model, { query: { id: 'nowhere' }, offset: 0, limit: 5 })
    })

    it('any page is in order of creation, as slots and as JSON', () => {
      const queries: TagQuery[] = [
        {},
        { tags: [any('half')] },
        { tags: [any('rare')] },
        { tags: [any('first'), any('half')] },
        { tagsAny: [any('rare'), any('third')], notTags: [any('half'), any('all', '0')] },
        { nameContains: 'odd-' },
        { nameContains: 'odd-15', tags: [any('all', '0')] },
        { nameEquals: 'Shared', notTagsAny: [any('wide', ...texts(30))] },
        { withoutAnyTag: true },
        { tags: [any('none')] },
      ]
      for (const query of queries) {
        const expected = model.filter((resource) => matches(resource, query))
        const { length } = expected
        const pages = [
          [0, 1],
          [0, 10],
          [5, 7],
          [3, 0],
          [0, 0],
          [2, 2 ** 32],
          [Math.max(0, length - 1), 10],
          [length, 10],
          [length + 1, 10],
          [size - 1, 9],
          [size, 9],
          [2 ** 32, 9],
          [2 ** 32 + 1, 1],
          [2 ** 40, ALL],
        ] as [number, number][]
        for (const [offset, limit] of pages) expectPage(index, expected, { query, offset, limit })
      }
    })
  })

  it('any query on any index of some hundred resources finds what matches() finds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(2 ** 30), { minLength: 200, maxLength: 700, size: 'max' }),
        fc.array(fc.record({ query: anyQuery(700), choice: fc.nat(2 ** 20), offset: fc.nat(300), limit: fc.nat(20) }), {
          minLength: 30,
          maxLength: 30,
        }),
        (seeds, queries) => {
          const resources = seeds.map((seed, n) => resourceFrom(idOf(n), n + 1, seed))
          const index = indexOf(resources, kernels)
          const gone = new Set(seeds.flatMap((seed, n) => (seed % 5 === 0 ? [n] : [])))
          for (const n of gone) index.remove(idOf(n))
          const model = resources.filter((_, n) => !gone.has(n))
          for (const { query, choice, offset, limit } of queries) {
            expectFound(index, model, { query: fewOf(query, choice), offset, limit })
          }
        },
      ),
      { numRuns: 8 },
    )
  })

  it('queries over several blocks of slots find what matches() finds, also after a snapshot', () => {
    const index = largeIndexOf(SEVERAL_BLOCKS, kernels)
    const copy = restored(index, kernels)
    for (const { query, expected } of expectationsOfSeveralBlocks()) {
      const offset = expected.length >>> 1
      for (const each of [index, copy]) {
        const { total, slots } = each.find(query, 0, ALL)
        expect({ query, total }).toEqual({ query, total: expected.length })
        expect(slots.join() === expected.join()).toBe(true)
        expect([...each.find(query, offset, 50).slots]).toEqual(expected.slice(offset, offset + 50))
      }
    }
  })

  it('a slot without a resource is never found, although the trigram filters let it pass', () => {
    // Two live resources among so many removed ones that the name column has filters.
    const gone = Array.from({ length: 2200 }, (_, n) => nth(n))
    const index = indexOf(gone, kernels)
    const tags = texts(250).map((value) => ({ key: `key-${value}`, value }))
    const tagged = { ...nth(2200), name: 'tagged', tags }
    const wanted = { ...nth(2201), name: 'the wanted one', tags: [] }
    index.put(tagged)
    index.put(wanted)
    for (const { id } of gone) index.remove(id)
    const query: TagQuery = { nameContains: 'WANTED', notTagsAny: tags.map(({ key }) => any(key)) }
    expectFound(index, [tagged, wanted], { query, offset: 0, limit: 10 })
    expectFound(index, [tagged, wanted], { query: { ...query, nameEquals: 'the wanted one' }, offset: 0, limit: 10 })
  })

  it('slots past the last one are never tested, although the trigram filters let them pass', () => {
    // The unused memory of the last column chunk contains an old bitmap.
    const index = new TagIndex({ kernels })
    const tags = texts(60).map((value) => ({ key: `key-${value}`, value }))
    const resources = Array.from({ length: 3 * 2048 + 1 }, (_, n) => ({
      ...nth(n),
      name: n === 3 * 2048 ? 'the wanted one' : '',
      tags: n < 1500 || n % 2 === 0 ? tags.slice(0, 1 + (n % 60)) : [],
    }))
    for (const resource of resources) index.put(resource)
    const query: TagQuery = { nameContains: 'wanted', notTagsAny: tags.slice(1).map(({ key }) => any(key)) }
    for (const excluded of [1, 20, 40, 59]) {
      const long = { ...query, notTagsAny: query.notTagsAny?.slice(-excluded) ?? [] }
      expectFound(index, resources, { query: long, offset: 0, limit: 10 })
    }
  })

  it('the slots of an answer do not change with the index', () => {
    const { index, model } = largeOf(1600, kernels)
    const { total, slots } = index.find({ tags: [any('half')] }, 0, ALL)
    const before = [...slots]
    for (const { id } of model) index.remove(id)
    expect([total, [...slots]]).toEqual([before.length, before])
    expect(index.count({ tags: [any('half')] })).toBe(0)
  })
})

it('the marks of one query do not affect the next', () => {
  const { index, model } = largeOf(1600, 'wasm')
  const heavy: TagQuery = {
    tags: [any('first')],
    notTags: [any('half'), any('third')],
    notTagsAny: [any('wide', ...texts(9))],
  }
  for (const query of [heavy, { tags: [any('first')] }, { tags: [any('first'), any('wide')] }, heavy]) {
    expectFound(index, model, { query, offset: 0, limit: 10 })
  }
})
