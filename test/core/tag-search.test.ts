import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matches } from '../../src/core/matches.ts'
import type { Tag } from '../../src/core/tag.ts'
import { type IndexedResource, TagIndex } from '../../src/core/tag-index.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'
import { search } from '../../src/core/tag-search.ts'
import { anyQuery, fewOf, resourceFrom } from './queries.ts'
import { readVectors } from './vectors.ts'

function indexOf(resources: readonly IndexedResource[]): TagIndex {
  const index = new TagIndex()
  for (const resource of resources) index.put(resource)
  return index
}

/** Ids of all matches by count and one full page, which have to agree. */
function idsOf(index: TagIndex, query: TagQuery): string[] {
  const slots = search(index, query)
  const all = slots.page(0, Number.MAX_SAFE_INTEGER)
  expect(all.length).toBe(slots.count)
  return all.map((slot) => index.at(slot).id)
}

describe('on the vectors of the contract', () => {
  type Vectors = {
    readonly resources: readonly { readonly id: string; readonly name: string; readonly tags: readonly Tag[] }[]
    readonly queries: readonly {
      readonly name: string
      readonly query: TagQuery
      readonly matching: readonly string[]
    }[]
  }
  const { resources, queries } = readVectors<Vectors>('tag-queries.json')
  const index = indexOf(
    resources.map((resource, i) => ({ ...resource, detail: '{}', sequence: i + 1, createdAtMs: 0, updatedAtMs: 0 })),
  )

  it.each(queries)('$name', ({ query, matching }) => {
    expect(idsOf(index, query)).toEqual(matching)
  })
})

// 1600 resources: more than are checked one by one, so that large and small sets go different ways. By number n:
// `all` on each, `half` on every second, `third` on every third, `rare` on every hundredth, `none` on none; the last
// hundred have no tag. Names: `Odd-n` and `even-n` but for every fifth, which has none, and 320 share a name but for its letter case.
const SIZE = 1600
const large = Array.from({ length: SIZE }, (_, n): IndexedResource => {
  const tags: Tag[] = [
    { key: 'all', value: String(n % 4) },
    ...(n % 2 === 0 ? [{ key: 'half', value: n % 4 === 0 ? 'x' : 'y' }] : []),
    ...(n % 3 === 0 ? [{ key: 'third', value: '' }] : []),
    ...(n % 100 === 0 ? [{ key: 'rare', value: String(n / 100) }] : []),
  ]
  const name =
    n % 5 === 0 ? '' : n % 4 === 3 ? (n % 8 === 3 ? 'Shared' : 'SHARED') : `${n % 2 === 1 ? 'Odd' : 'even'}-${n}`
  return {
    id: `r${n}`,
    sequence: n + 1,
    name,
    detail: '{}',
    createdAtMs: 0,
    updatedAtMs: 0,
    tags: n >= SIZE - 100 ? [] : tags,
  }
})

describe('on more resources than are checked one by one', () => {
  const index = indexOf(large)
  const any = (key: string, ...values: string[]) => ({ key, values })
  const conditions: TagQuery[] = [
    {},
    { tags: [any('all')] },
    { tags: [any('half')] },
    { tags: [any('rare')] },
    { tags: [any('rare', '1', '2', '99')] },
    { tags: [any('none')] },
    { tags: [any('half'), any('third')] },
    { tags: [any('half'), any('none')] },
    { tags: [any('all', '0', '1')] },
    { tagsAny: [any('half'), any('third')] },
    { tagsAny: [any('rare'), any('none')] },
    { tagsAny: [any('half', 'x', 'none'), any('rare')] },
    { tagsAny: [] },
    { notTags: [any('half')] },
    { notTags: [any('half'), any('third')] },
    { notTags: [any('half', 'x', 'y'), any('third', '')] },
    { notTags: [any('rare'), any('all')] },
    { notTags: [any('none'), any('all')] },
    { notTags: [] },
    { notTagsAny: [any('half')] },
    { notTagsAny: [any('rare')] },
    { notTagsAny: [any('half'), any('rare'), any('none')] },
    { tags: [any('half')], notTagsAny: [any('rare')] },
    { withoutAnyTag: true },
  ]
  const names: TagQuery[] = [
    {},
    { nameContains: '' },
    { nameContains: 'e' },
    { nameContains: 'SHARED' },
    { nameContains: 'odd-1' },
    { nameContains: 'odd-17' },
    { nameContains: 'nowhere' },
    { nameEquals: 'Shared' },
    { nameEquals: 'shared' },
    { nameEquals: '' },
    { nameEquals: 'Odd-17' },
    { nameEquals: 'odd-17' },
    { nameEquals: '', nameContains: '' },
    { nameEquals: '', nameContains: 'e' },
    { nameEquals: 'Shared', nameContains: 'ARE' },
  ]
  const ids: TagQuery[] = [{}, { id: 'r300' }, { id: 'r17' }, { id: 'r1550' }, { id: 'nowhere' }]

  it('agrees with the truth on every combination of conditions', () => {
    for (const condition of conditions) {
      for (const name of names) {
        for (const id of ids) {
          const query = { ...condition, ...name, ...id }
          const expected = large.filter((resource) => matches(resource, query)).map((resource) => resource.id)
          const found = idsOf(index, query)
          if (found.join() !== expected.join()) expect({ query, found }).toEqual({ query, found: expected })
        }
      }
    }
  })

  it('the combinations are worth their name: none, few, many and all match', () => {
    const count = (query: TagQuery) => search(index, query).count
    expect(count({})).toBe(1600)
    expect(count({ tags: [any('all')] })).toBe(1500)
    expect(count({ tags: [any('half')] })).toBe(750)
    expect(count({ tags: [any('rare')] })).toBe(15)
    expect(count({ withoutAnyTag: true })).toBe(100)
    expect(count({ nameContains: 'shared' })).toBe(320)
    expect(count({ nameEquals: 'Shared' })).toBe(160)
    expect(count({ nameEquals: '' })).toBe(320)
    expect(count({ nameContains: 'even-' })).toBe(640)
  })

  it('gives any page in order of creation', () => {
    for (const query of [{ tags: [any('half')] }, { tags: [any('rare')] }, { nameContains: 'even-' }, {}]) {
      const expected = large.flatMap((resource, slot) => (matches(resource, query) ? [slot] : []))
      const slots = search(index, query)
      for (const [offset, limit] of [
        [0, 1],
        [0, 10],
        [5, 7],
        [expected.length - 1, 10],
        [expected.length, 10],
        [1e9, 10],
        [3, 0],
      ] as const) {
        expect(slots.page(offset, limit)).toEqual(expected.slice(offset, offset + limit))
      }
    }
  })
})

it('an answer stays as it was when the index changes afterwards', () => {
  const index = indexOf(large)
  const slots = search(index, { tags: [{ key: 'half', values: [] }] })
  const before = slots.page(0, SIZE)
  for (const { id } of large) index.remove(id)
  expect(slots.count).toBe(750)
  expect(slots.page(0, SIZE)).toEqual(before)
})

it('agrees with the truth on any large index and any query', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(2 ** 30), { minLength: 600, maxLength: 800, size: 'max' }),
      fc.array(fc.tuple(anyQuery(800), fc.nat(2 ** 20)), { minLength: 30, maxLength: 30 }),
      (seeds, queries) => {
        const resources = seeds.map((seed, n) => resourceFrom(`id-${n}`, n + 1, seed))
        const index = indexOf(resources)
        for (const [whole, choice] of queries) {
          const query = fewOf(whole, choice)
          const expected = resources.filter((resource) => matches(resource, query)).map(({ id }) => id)
          const found = idsOf(index, query)
          if (found.join() !== expected.join()) expect({ query, found }).toEqual({ query, found: expected })
        }
      },
    ),
    { numRuns: 12 },
  )
})
