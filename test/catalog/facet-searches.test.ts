import { describe, expect, it } from 'vitest'
import { FacetSearches } from '../../src/catalog/facet-searches.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'
import { TagIndex } from '../../src/search-index/tag-index.ts'

/** Resources with one of many keys each, a `build` of their own and one of two values of `env`; every tenth has only `env`. */
function indexOf(size: number, keys: number): TagIndex {
  const index = new TagIndex()
  for (let i = 0; i < size; i++) {
    const env = { key: 'env', value: i % 3 === 0 ? 'prod' : 'test' }
    const others = [
      { key: `key-${i % keys}`, value: 'v' },
      { key: 'build', value: `${i}` },
    ]
    index.put({
      ...{ id: `id-${i}`, sequence: i + 1, name: '', detail: '{}', createdAtMs: 0, updatedAtMs: 0 },
      tags: i % 10 === 0 ? [env] : [env, ...others],
    })
  }
  return index
}

const facet = (query: TagQuery, key?: string) => ({ query, key, limit: 10 })
const prod = (): TagQuery => ({ tags: [{ key: 'env', values: ['prod'] }] })

/** Says which queries are listed for the facets. */
function areListed(index: TagIndex, facets: readonly ReturnType<typeof facet>[]): readonly boolean[] {
  const searches = new FacetSearches(facets)
  return facets.map(({ query }) => searches.search(index, query, query) !== undefined)
}

describe('the searches of facets', () => {
  it('list the matches for a key of many values, and not for few', () => {
    const index = indexOf(500, 10)
    expect(
      areListed(index, [facet(prod(), 'env'), facet(prod()), facet(prod(), 'build'), facet(prod(), 'none')]),
    ).toEqual([false, false, true, false])
    expect(areListed(indexOf(500, 300), [facet(prod())])).toEqual([true])
  })

  it('give the matches of a query in its type', () => {
    const index = indexOf(500, 10)
    const query = prod()
    const search = new FacetSearches([facet(query, 'build')]).search(index, query, query)!
    while (!search.isDone) search.step()
    expect(search.page(0, 500)).toEqual(index.find(query, 0, 500))
    search.close()
  })

  it('do not list all resources, and those of a small index', () => {
    expect(areListed(indexOf(500, 10), [facet({}, 'build')])).toEqual([false])
    expect(areListed(indexOf(60, 10), [facet(prod(), 'build')])).toEqual([false])
  })

  it('do not list the matches of a query without a facet', () => {
    const query = prod()
    expect(new FacetSearches([facet(prod(), 'build')]).search(indexOf(500, 10), query, query)).toBeUndefined()
  })

  it('list the matches for further facets when many are counted at once', () => {
    const index = indexOf(500, 250)
    const listed = areListed(
      index,
      Array.from({ length: 40 }, () => facet(prod())),
    )
    expect(listed.indexOf(true)).toBe(36)
    expect(listed.slice(36).every(Boolean)).toBe(true)
  })
})
