import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matches } from '../../src/core/matches.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'
import { TagIndex } from '../../src/search-index/tag-index.ts'
import { expectFound, expectPage, indexOf, KERNEL_MODES, restored } from './indexes.ts'
import { any, largeIndexOf, largeModelOf, largeOf, nth, texts } from './large.ts'
import { anyQuery, fewOf, idOf, resourceFrom } from './queries.ts'

const ALL = Number.MAX_SAFE_INTEGER
const names: TagQuery[] = [
  {},
  ...[
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
  ].map((nameContains) => ({ nameContains })),
  ...['Shared', 'shared', '', 'Odd-1604', '标签-1602', '\ud83d lone', '\ufffd lone'].map((nameEquals) => ({
    nameEquals,
  })),
  { nameEquals: '', nameContains: '' },
  { nameEquals: '', nameContains: 'e' },
  { nameEquals: 'Shared', nameContains: 'ARE' },
]

/** Queries by tags that go each way there is. */
const conditions: TagQuery[] = [
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
type Truth = { readonly query: TagQuery; readonly expected: readonly number[] }
let truth: Truth[] | undefined

/** What queries over more than one block of slots should find, worked out once for all kernels. */
function truthOfSeveralBlocks(): Truth[] {
  const queries: TagQuery[] = [
    ...conditions.slice(0, 31),
    { nameContains: 'odd-33' },
    { nameContains: 'odd-3381', notTagsAny: [any('wide', ...texts(39))] },
    { nameEquals: 'even-34001', tags: [any('all')] },
    { tagsAny: [any('wide', ...texts(9)), any('many', ...texts(20))], nameContains: 'changed 3' },
  ]
  if (truth === undefined) {
    const { changed } = largeModelOf(SEVERAL_BLOCKS)
    truth = queries.map((query) => ({
      query,
      expected: changed.flatMap((resource, n) => (resource !== undefined && matches(resource, query) ? [n] : [])),
    }))
  }
  return truth
}

describe.each(KERNEL_MODES)('with %s kernels', (kernels) => {
  describe.each([1600, 6000])('on %d resources', (size) => {
    const { index, model } = largeOf(size, kernels)

    it('agrees with the truth on every combination of conditions', () => {
      for (const [i, condition] of conditions.entries()) {
        for (const name of i % 5 === size % 7 ? names : names.slice(i % 3, 7)) {
          const query = { ...condition, ...name }
          const expected = model.filter((resource) => matches(resource, query)).map(({ sequence }) => sequence - 1)
          const { total, slots } = index.find(query, 0, ALL)
          const seen = { query, count: index.count(query), total, slots: [...slots] }
          if (slots.join() !== expected.join() || total !== slots.length || seen.count !== total) {
            expect(seen).toEqual({ query, count: expected.length, total: expected.length, slots: expected })
          }
        }
      }
    })

    it('finds one resource by its id if it matches', () => {
      for (const condition of conditions) {
        for (const n of [0, 4, 5, 6, 1000, 1550]) {
          for (const name of [{}, { nameContains: 'E' }]) {
            expectFound(index, model, { query: { ...condition, ...name, id: idOf(n) }, offset: n % 2, limit: n % 3 })
          }
        }
      }
      expectFound(index, model, { query: { id: 'nowhere' }, offset: 0, limit: 5 })
    })

    it('gives any page in order of creation, as slots and as JSON', () => {
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
          ...[
            [0, 1],
            [0, 10],
            [5, 7],
            [3, 0],
            [0, 0],
            [2, 2 ** 32],
            [Math.max(0, length - 1), 10],
            [length, 10],
          ],
          ...[
            [length + 1, 10],
            [size - 1, 9],
            [size, 9],
            [2 ** 32, 9],
            [2 ** 32 + 1, 1],
            [2 ** 40, ALL],
          ],
        ] as [number, number][]
        for (const [offset, limit] of pages) expectPage(index, expected, { query, offset, limit })
      }
    })
  })

  it('agrees with the truth on any index of some hundred resources and any query', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(2 ** 30), { minLength: 200, maxLength: 700, size: 'max' }),
        fc.array(fc.record({ query: anyQuery(700), choice: fc.nat(2 ** 20), offset: fc.nat(300), limit: fc.nat(20) }), {
          minLength: 30,
          maxLength: 30,
        }),
        (seeds, questions) => {
          const resources = seeds.map((seed, n) => resourceFrom(idOf(n), n + 1, seed))
          const index = indexOf(resources, kernels)
          const gone = new Set(seeds.flatMap((seed, n) => (seed % 5 === 0 ? [n] : [])))
          for (const n of gone) index.remove(idOf(n))
          const model = resources.filter((_, n) => !gone.has(n))
          for (const { query, choice, offset, limit } of questions) {
            expectFound(index, model, { query: fewOf(query, choice), offset, limit })
          }
        },
      ),
      { numRuns: 8 },
    )
  })

  it('agrees with the truth over several blocks of slots', () => {
    const index = largeIndexOf(SEVERAL_BLOCKS, kernels)
    const copy = restored(index, kernels)
    for (const { query, expected } of truthOfSeveralBlocks()) {
      const offset = expected.length >>> 1
      for (const each of [index, copy]) {
        const { total, slots } = each.find(query, 0, ALL)
        expect({ query, total }).toEqual({ query, total: expected.length })
        expect(slots.join() === expected.join()).toBe(true)
        expect([...each.find(query, offset, 50).slots]).toEqual(expected.slice(offset, offset + 50))
      }
    }
  })

  it('never takes a slot for a resource that is none, where names say only about where to look', () => {
    // One resource with a hundred tags and one with a name, among so many that are gone that names have sketches.
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

  it('never looks at slots past the last one, where names say only about where to look', () => {
    // The room behind the last slots holds what was there before: a bitmap.
    const index = new TagIndex({ kernels })
    const tags = texts(60).map((value) => ({ key: `key-${value}`, value }))
    const resources = Array.from({ length: 3 * 2048 + 1 }, (_, n) => ({
      ...{ ...nth(n), name: n === 3 * 2048 ? 'the wanted one' : '' },
      tags: n < 1500 || n % 2 === 0 ? tags.slice(0, 1 + (n % 60)) : [],
    }))
    for (const resource of resources) index.put(resource)
    const query: TagQuery = { nameContains: 'wanted', notTagsAny: tags.slice(1).map(({ key }) => any(key)) }
    for (const bars of [1, 20, 40, 59]) {
      const asked = { ...query, notTagsAny: query.notTagsAny?.slice(-bars) ?? [] }
      expectFound(index, resources, { query: asked, offset: 0, limit: 10 })
    }
  })

  it('gives an answer that stays as it was when the index changes afterwards', () => {
    const { index, model } = largeOf(1600, kernels)
    const { total, slots } = index.find({ tags: [any('half')] }, 0, ALL)
    const before = [...slots]
    for (const { id } of model) index.remove(id)
    expect([total, [...slots]]).toEqual([before.length, before])
    expect(index.count({ tags: [any('half')] })).toBe(0)
  })
})

it('is not held up by what one answer left: marks are taken back', () => {
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
