import { describe, expect, it } from 'vitest'
import { GeneratedDataset } from '../../bench/data/generated.ts'
import { actionBody, seedQueries, variedQueries, worstQuery } from '../../bench/data/queries.ts'
import { DENSE_SHARE, Vocabulary } from '../../bench/data/vocabulary.ts'
import { INSTANCES, instanceAt, projectTagsPage } from '../../bench/service/import-file.ts'
import { fourPairs, SQLITE_STATEMENTS } from '../../bench/sql/statements.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'

const vocabulary = new Vocabulary(new GeneratedDataset(5000))
const LISTS = ['tags', 'tagsAny', 'notTags', 'notTagsAny'] as const

describe('the queries of the benchmarks', () => {
  it('a documented query has one dense pair in each of its four clauses, with four different keys', () => {
    for (const query of seedQueries(vocabulary, 16)) {
      const pairs = LISTS.map((list) => query[list]?.[0])
      expect(new Set(pairs.map((pair) => pair?.key)).size).toBe(4)
      for (const pair of pairs) {
        const share = vocabulary.pairs.find(({ key, value }) => key === pair?.key && value === pair.values[0])?.share
        expect(share).toBeGreaterThan(DENSE_SHARE)
      }
    }
  })

  it('the largest query has ten different keys in each clause', () => {
    const query = worstQuery(vocabulary, 0)
    for (const list of LISTS) {
      expect(query[list]).toHaveLength(10)
      expect(new Set(query[list]?.map(({ key }) => key)).size).toBe(10)
    }
  })

  it('varied queries are distinct, and the same for the same seed', () => {
    const queries = variedQueries(vocabulary, 50, true)
    expect(variedQueries(vocabulary, 50, true)).toEqual(queries)
    expect(new Set(queries.map((query) => JSON.stringify(query))).size).toBe(50)
  })

  it('a query is formatted as a body of the image service', () => {
    const query: TagQuery = { tags: [{ key: 'a', values: ['b'] }], nameContains: 'x' }
    expect(JSON.parse(actionBody(query))).toEqual({
      action: 'count',
      tags: [{ key: 'a', values: ['b'] }],
      matches: [{ key: 'resource_name', value: 'x' }],
    })
    expect(JSON.parse(actionBody(query, { offset: 20, limit: 10 }))).toMatchObject({
      action: 'filter',
      offset: '20',
      limit: '10',
    })
  })

  it('the pairs of a query become four numbers, and every SQL statement uses all of them', () => {
    const [query] = seedQueries(vocabulary, 1)
    const ids = ['must', 'one', 'nand', 'nor']
    const known = new Map(LISTS.map((list, i) => [query?.[list]?.[0]?.key, i]))
    const pairs = fourPairs(query as TagQuery, (key) => known.get(key) as number)
    expect(Object.values(pairs)).toEqual(ids.map((_, i) => i))
    for (const { text } of SQLITE_STATEMENTS) for (let i = 1; i <= 4; i++) expect(text).toContain(`?${i}`)
  })
})

describe('the instances of the benchmarks', () => {
  it('the instances have 10,000 keys with the values of the expected page of project tags', () => {
    const values = new Map<string, Set<string>>()
    for (let instance = 0; instance < INSTANCES.count; instance++) {
      for (const { key, value } of instanceAt(instance).tags) values.set(key, (values.get(key) ?? new Set()).add(value))
    }
    const keys = [...values.keys()].toSorted()
    const tags = keys.slice(9950).map((key) => ({ key, values: [...(values.get(key) as Set<string>)].toSorted() }))
    expect(projectTagsPage(9950, 100)).toEqual({ total_count: 10_000, tags })
  })
})
