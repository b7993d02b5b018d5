import type { Place } from './project.ts'
import type { Counts, Types } from './resources.ts'

/** A key in use, or a value, with the number of resources that have it. */
export type TagCount = {
  readonly key?: string
  readonly value?: string
  readonly total_count: number
  readonly counts: Counts
}

/** Page size limit of the lists. */
const LIMIT_MAX = 1000

/** What is listed. */
export type TagCountsRequest = {
  readonly types: Types
  readonly prefix?: string | undefined
  /** Number of items at most; by default all. */
  readonly limit?: number | undefined
  /** Lists the values of this key instead of the keys. */
  readonly key?: string
}

/** Lists the keys in use in a place, or the values of a key, page by page. `onPage` is called with the number so far. */
export async function listTagCounts(
  { client, path }: Place,
  { types, prefix, limit = Number.POSITIVE_INFINITY, key }: TagCountsRequest,
  onPage: (items: number) => void = () => undefined,
): Promise<{ readonly items: readonly TagCount[]; readonly hasMore: boolean }> {
  const list = key === undefined ? 'keys' : 'values'
  const fixed = {
    ...(key !== undefined && { key }),
    ...(types !== undefined && { resource_type: types }),
    ...(prefix !== undefined && { prefix }),
  }
  const items: TagCount[] = []
  let marker: string | undefined
  do {
    const size = String(Math.min(LIMIT_MAX, limit - items.length))
    const query = { ...fixed, limit: size, ...(marker !== undefined && { marker }) }
    const call = { path: `${path}/tag-${list}`, query }
    const { body } = await client.json<Readonly<Record<string, unknown>>>(call)
    items.push(...(body[list] as readonly TagCount[]))
    marker = body.next_marker as string | undefined
    onPage(items.length)
  } while (marker !== undefined && items.length < limit)
  return { items, hasMore: marker !== undefined }
}
