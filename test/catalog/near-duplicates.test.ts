import { expect, it } from 'vitest'
import { type NearReads, nearDuplicates } from '../../src/catalog/near-duplicates.ts'
import { IMAGES, type ResourceType } from '../../src/core/resource-types.ts'
import { compareCodePoints } from '../../src/core/text.ts'

/** A catalog with these spellings, each on one resource, that notes the limits of its pages. */
function readsOf(spellings: readonly string[]): NearReads & { readonly limits: number[] } {
  const sorted = spellings.toSorted(compareCodePoints)
  const limits: number[] = []
  return {
    limits,
    countTags: async (_project, _types, { after, limit }) => {
      limits.push(limit)
      const rest = sorted.filter((text) => after === undefined || compareCodePoints(text, after) > 0)
      const counts = rest
        .slice(0, limit)
        .map((text) => ({ text, counts: new Map<ResourceType, number>([[IMAGES, 1]]) }))
      return { revision: limits.length, counts, hasMore: rest.length > limit }
    },
    search: async (_project, _types, { counted }) => ({
      revision: 1,
      totals: new Map(),
      resources: [],
      next: undefined,
      last: undefined,
      facets: [],
      counts: counted.map(() => 7),
    }),
  }
}

it('near-duplicates are found over pages, with the revision of the last page', async () => {
  const reads = readsOf([...Array.from({ length: 1500 }, (_, n) => `k${n}`), 'Zone', 'zone'])
  const found = await nearDuplicates(reads, 'project', undefined, { max: 2000 })
  expect(reads.limits).toHaveLength(2)
  expect(found).toMatchObject({
    revision: 2,
    groups: [{ kind: 'certain', canonical: 'Zone', both: 7, key: undefined }],
  })
})

it('near-duplicates of a key with more values than are compared are undefined', async () => {
  const values = (count: number) => readsOf(Array.from({ length: count }, (_, n) => `${n}`))
  expect(await nearDuplicates(values(50), 'project', 'key', { max: 50 })).toEqual({ revision: 1, groups: [] })
  expect(await nearDuplicates(values(51), 'project', 'key', { max: 50 })).toBeUndefined()
})
