import { describe, expect, it } from 'vitest'
import type { Tag } from '../../src/core/tag.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'
import { LIVE, UNTAGGED } from '../../src/search-index/dictionary.ts'
import { assignMarks, planQuery, type QueryPlan, sizeOf } from '../../src/search-index/query-plan.ts'
import { readVectors } from '../core/vectors.ts'
import { expectFound, indexOf, KERNEL_MODES } from './indexes.ts'
import { a, a1, a2, any, b, bx, c, dictionary } from './small-dictionary.ts'

describe('the tag query vectors of the contract', () => {
  type Vectors = {
    readonly resources: readonly { readonly id: string; readonly name: string; readonly tags: readonly Tag[] }[]
    readonly queries: readonly {
      readonly name: string
      readonly query: TagQuery
      readonly matching: readonly string[]
    }[]
  }
  const vectors = readVectors<Vectors>('tag-queries.json')
  const resources = vectors.resources.map((resource, i) => ({
    ...resource,
    detail: '{}',
    sequence: i + 1,
    createdAtMs: 0,
    updatedAtMs: 0,
  }))

  describe.each(KERNEL_MODES)('with %s kernels', (kernels) => {
    const index = indexOf(resources, kernels)

    it.each(vectors.queries)('the index finds the resources of the vector "$name"', ({ query, matching }) => {
      const { total, slots } = index.find(query, 0, 1000)
      expect(Array.from(slots, (slot) => index.at(slot).id)).toEqual(matching)
      expect(total).toBe(matching.length)
      expectFound(index, resources, { query, offset: 0, limit: 1000 })
    })
  })
})

const NO_FILTER = { formulas: [], isExact: true }

describe('planQuery', () => {
  it.each<[string, TagQuery, QueryPlan]>([
    ['an empty query requires a live slot', {}, { required: [[LIVE]], excluded: [], notAll: [], ...NO_FILTER }],
    [
      'required filters are ordered by size, the smallest first',
      { tags: [any('a', '1'), any('b')] },
      { required: [[b], [a1]], excluded: [], notAll: [], ...NO_FILTER },
    ],
    [
      'the values of a filter become a union, unknown ones omitted',
      { tags: [any('a', '2', 'unknown', '1')] },
      { required: [[a2, a1]], excluded: [], notAll: [], ...NO_FILTER },
    ],
    [
      'the filters of tagsAny become one union without duplicates',
      { tagsAny: [any('a', '1'), any('b'), any('a', '1')] },
      { required: [[a1, b]], excluded: [], notAll: [], ...NO_FILTER },
    ],
    [
      'the terms of notTagsAny are excluded',
      { notTagsAny: [any('a', '1'), any('b'), any('unknown')] },
      { required: [[LIVE]], excluded: [a1, b], notAll: [], ...NO_FILTER },
    ],
    [
      'notTags become a NAND of unions',
      { notTags: [any('a', '1', '2'), any('b', 'x')] },
      { required: [[LIVE]], excluded: [], notAll: [[a1, a2], [bx]], ...NO_FILTER },
    ],
    [
      'a NAND of one filter is planned as an exclusion',
      { notTags: [any('a')], notTagsAny: [any('c')] },
      { required: [[LIVE]], excluded: [c, a], notAll: [], ...NO_FILTER },
    ],
    [
      'a NAND with a filter that never holds is dropped',
      { notTags: [any('a'), any('unknown')] },
      { required: [[LIVE]], excluded: [], notAll: [], ...NO_FILTER },
    ],
    [
      'withoutAnyTag overrides the other tag conditions',
      { withoutAnyTag: true, tags: [any('a')], notTags: [] },
      { required: [[UNTAGGED]], excluded: [], notAll: [], ...NO_FILTER },
    ],
  ])('%s', (_name, query, plan) => {
    expect(planQuery(dictionary, query)).toEqual(plan)
  })

  it.each<[string, TagQuery]>([
    ['a required key that is not in use', { tags: [any('a'), any('unknown')] }],
    ['a required value that is not in use', { tags: [any('a', '3')] }],
    ['alternatives that are not in use', { tagsAny: [any('unknown'), any('a', '3')] }],
    ['an empty list of alternatives', { tagsAny: [] }],
    ['a NAND of an empty list', { notTags: [] }],
  ])('a query with %s has no plan, because nothing can match', (_name, query) => {
    expect(planQuery(dictionary, query)).toBeUndefined()
  })

  it('the size of a union is the sum of its postings', () => {
    expect([sizeOf(dictionary, [a1, bx]), sizeOf(dictionary, []), sizeOf(dictionary, [c])]).toEqual([8, 0, 1])
  })
})

describe('assignMarks', () => {
  it('each condition gets one bit, and a term has the bits of all conditions that name it', () => {
    const marked = assignMarks(dictionary, {
      required: [[a1, bx], [a1]],
      excluded: [a2],
      notAll: [[bx], [a1]],
      ...NO_FILTER,
    })
    const { required = 0, excluded = 0, notAll = 0, includeKeys = 1 } = marked?.masks ?? {}
    expect([required, excluded, notAll].map((mask) => mask.toString(2).replaceAll('0', '').length)).toEqual([2, 1, 2])
    expect([required & excluded, required & notAll, excluded & notAll, includeKeys]).toEqual([0, 0, 0, 0])
    const bitsOf = (term: number) => marked?.marks.get(term) ?? 0
    expect(bitsOf(a1) & required).toBe(required)
    expect(bitsOf(a2)).toBe(excluded)
    expect((bitsOf(a1) | bitsOf(bx)) & notAll).toBe(notAll)
    expect(bitsOf(bx) & required).not.toBe(required)
  })

  it('a key among the terms sets includeKeys', () => {
    expect(
      assignMarks(dictionary, { required: [[a]], excluded: [], notAll: [], ...NO_FILTER })?.masks.includeKeys,
    ).toBe(1)
  })

  it('the built-in terms need no mark, because every candidate meets them', () => {
    for (const term of [LIVE, UNTAGGED]) {
      const marked = assignMarks(dictionary, { required: [[term]], excluded: [], notAll: [], ...NO_FILTER })
      expect(marked).toEqual({ masks: { required: 0, excluded: 0, notAll: 0, includeKeys: 0 }, marks: new Map() })
    }
  })

  it('thirty-one conditions fit the marks, and more are refused', () => {
    const conditions = (count: number) => Array.from({ length: count }, () => [a1])
    const fitting: QueryPlan = {
      required: [[a1], ...conditions(14)],
      excluded: [a2],
      notAll: conditions(15),
      ...NO_FILTER,
    }
    const masks = assignMarks(dictionary, fitting)?.masks
    expect([masks?.required, masks?.excluded, masks?.notAll]).toEqual([0x7fff, 0x8000, 0x7fff_0000])
    const tooMany: QueryPlan = {
      required: [[a1], ...conditions(15)],
      excluded: [],
      notAll: conditions(15),
      ...NO_FILTER,
    }
    expect(assignMarks(dictionary, tooMany)).toBeUndefined()
  })
})
