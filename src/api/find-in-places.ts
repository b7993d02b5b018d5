import type { Catalog, Page } from '../catalog/catalog.ts'
import type { IndexedResource } from '../core/resource.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { TagQuery } from '../core/tag-query.ts'

/** The resources of one type in one project. */
export type Place = { readonly projectId: string; readonly type: ResourceType }

/** Places that are counted concurrently. */
const PLACES_AT_ONCE = 64

/**
 * Gives how many resources in all places match, and a page of them with their places: place by place in the given order,
 * each in order of creation. Counts a number of places concurrently, then reads the page from those that overlap it.
 * `owner`: see `TimeSlice`.
 */
export async function findInPlaces<P extends Place>(
  catalog: Catalog,
  places: readonly P[],
  query: TagQuery,
  { offset, limit }: Page,
  owner: string,
): Promise<{ total: number; found: readonly { readonly place: P; readonly resource: IndexedResource }[] }> {
  const totals: number[] = []
  for (let i = 0; i < places.length; i += PLACES_AT_ONCE) {
    const counts = places
      .slice(i, i + PLACES_AT_ONCE)
      .map(({ projectId, type }) => catalog.count(projectId, type, query))
    for (const { total } of await Promise.all(counts)) totals.push(total)
  }
  const found: { place: P; resource: IndexedResource }[] = []
  let before = 0
  for (const [i, place] of places.entries()) {
    const total = totals[i] ?? 0
    const rest = { offset: Math.max(0, offset - before), limit: limit - found.length }
    before += total
    if (rest.limit === 0 || rest.offset >= total) continue
    const { resources } = await catalog.find(place.projectId, place.type, query, rest, owner)
    for (const resource of resources) found.push({ place, resource })
  }
  return { total: before, found }
}
