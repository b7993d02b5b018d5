import { describe, expect, it } from 'vitest'
import { matches } from '../../src/core/matches.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'
import { TagIndex } from '../../src/search-index/tag-index.ts'
import { KERNEL_MODES, SHAPE, shown } from './indexes.ts'
import { any, largeOf, texts } from './large.ts'
import { idOf } from './queries.ts'

const BLOCK = 32_768

/** Queries that run in a batch, queries that are answered one by one, and queries without matches. */
const queries: readonly TagQuery[] = [
  {},
  { tags: [any('half')] },
  { tags: [any('half', 'x', 'y'), any('all', '0', '2')], tagsAny: [any('wide', ...texts(9)), any('rare')] },
  { tags: [any('rare')] },
  { tags: [any('none')] },
  { tagsAny: [any('many', ...texts(60)), any('wide', '1', '2', '3', '4', '5', '6')], notTagsAny: [any('third')] },
  { nameContains: 'odd-3' },
  { notTags: [any('half'), any('third'), any('all', '0', '1')], notTagsAny: [any('wide', ...texts(5))] },
  { id: idOf(4) },
  { withoutAnyTag: true },
  { nameEquals: 'Shared', tags: [any('all')] },
  { notTags: [any('wide', ...texts(12)), any('all', '1')] },
  { tags: [any('wide', ...texts(15))], notTags: [any('half', 'x'), any('wide', ...texts(9)), any('all')] },
]

const pages = [
  [0, 0],
  [0, 10],
  [5, 7],
  [0, 2 ** 32],
  [40, 1000],
  [2 ** 33, 9],
] as const

describe.each(KERNEL_MODES)('TagIndex.answer with %s kernels', (kernels) => {
  it.each([1600, BLOCK + 2300])(
    'a batch of requests gets the answers that single calls get, on %d resources',
    { timeout: 120_000 },
    (size) => {
      const { index, model } = largeOf(size, kernels)
      const requests = pages.flatMap(([offset, limit], p) =>
        queries.map((query, q) => ({ query, offset, limit, ...((p + q) % 3 === 0 ? {} : { shape: SHAPE }) })),
      )
      const expected = new Map(queries.map((query) => [query, model.filter((resource) => matches(resource, query))]))
      const jsonOf = new Map(model.map((resource) => [resource, shown(resource)]))
      for (const batch of [requests, requests.slice(0, 1), requests.slice(0, 2), requests.toReversed()]) {
        let n = 0
        for (const { total, json } of index.answer(batch)) {
          const { query, offset, limit, shape } = batch[n++] as (typeof requests)[number]
          const matching = expected.get(query) ?? []
          const page = shape === undefined ? [] : matching.slice(offset, offset + limit)
          expect({ query, total }).toEqual({ query, total: matching.length })
          expect(Buffer.from(json).toString()).toBe(page.map((resource) => jsonOf.get(resource)).join())
        }
        expect(n).toBe(batch.length)
      }
    },
  )

  it('requests to an empty index find nothing', () => {
    const requests = queries.map((query) => ({ query, offset: 0, limit: 5, shape: SHAPE }))
    const totals = Array.from(new TagIndex({ kernels }).answer(requests), ({ total, json }) => total + json.length)
    expect(totals).toEqual(queries.map(() => 0))
  })
})
