import type { Catalog, Page, PageShape } from '../catalog/catalog.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { TagQuery } from '../core/tag-query.ts'

/** The resources of one type in one project. */
export type Place = { readonly projectId: string; readonly type: ResourceType }

/** A page over several places as JSON: resources separated by commas, in parts. `release`: see `PooledBuffer`. */
export type PageInPlaces = {
  readonly total: number
  readonly parts: readonly Uint8Array[]
  readonly release: () => void
}

/** Places that are counted concurrently. */
const PLACES_AT_ONCE = 64

/**
 * Gives how many resources in all places match, and a page of them: place by place in the given order, each in order of
 * creation. Counts a number of places concurrently, then reads the page from those that overlap it. `shapeOf` gives the
 * shape of the resources of a place: the same object for the same one.
 */
export async function findInPlaces<P extends Place>(
  catalog: Catalog,
  places: readonly P[],
  query: TagQuery,
  { offset, limit }: Page,
  shapeOf: (place: P) => PageShape,
): Promise<PageInPlaces> {
  const totals = await totalsInPlaces(catalog, places, query)
  const parts: Uint8Array[] = []
  const releases: (() => void)[] = []
  const release = () => {
    for (const each of releases) each()
  }
  let before = 0
  for (const [i, place] of places.entries()) {
    const total = totals[i] as number
    const start = Math.max(0, offset - before)
    const end = Math.min(total, offset + limit - before)
    before += total
    if (start >= end) continue
    const page = { offset: start, limit: end - start }
    // A place may have fewer matches by now, or none on the page.
    const comma = (totalNow: number) => (parts.length > 0 && totalNow > start ? ',' : '')
    const shape = { shape: shapeOf(place), before: comma, after: '' }
    const found = await catalog.findJson(place.projectId, place.type, query, page, shape)
    if (found.json.length > 0) parts.push(found.json)
    releases.push(found.release)
  }
  return { total: before, parts, release }
}

/** Gives how many resources match in each place. */
export async function totalsInPlaces(
  catalog: Catalog,
  places: readonly Place[],
  query: TagQuery,
): Promise<readonly number[]> {
  const totals: number[] = []
  for (let i = 0; i < places.length; i += PLACES_AT_ONCE) {
    const counts = places
      .slice(i, i + PLACES_AT_ONCE)
      .map(({ projectId, type }) => catalog.count(projectId, type, query))
    for (const { total } of await Promise.all(counts)) totals.push(total)
  }
  return totals
}
