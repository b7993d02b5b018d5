import { Type } from 'typebox'
import type { Catalog, TagCount } from '../../catalog/catalog.ts'
import type { ResourceType } from '../../core/resource-types.ts'
import { compareCodePoints } from '../../core/text.ts'
import { asOfParameter } from '../as-of.ts'
import { fromMarker, toMarker } from '../marker.ts'
import { sumOf } from './found-resource.ts'
import { QUERY_LIMITS, TAG_COUNTS_LIMITS } from './limits.ts'
import { searchedTypes } from './searched-types.ts'

const { limitDefault, limitMax } = TAG_COUNTS_LIMITS

/** Projects that are counted side by side. */
const PROJECTS_AT_ONCE = 16

/** The query parameters of lists of keys and of values. */
export const tagCountsQuery = {
  resource_type: searchedTypes,
  as_of: asOfParameter,
  prefix: Type.Optional(Type.String({ maxLength: QUERY_LIMITS.valueCharactersMax, description: 'Case-sensitive.' })),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: limitMax, default: limitDefault, 'x-error': 'limit-invalid' }),
  ),
  marker: Type.Optional(Type.String({ description: '`next_marker` of the page before.', 'x-error': 'marker-invalid' })),
}

/** Schema of the key whose values are listed. */
export const keyParameter = Type.String({ minLength: 1, maxLength: QUERY_LIMITS.keyCharactersMax })

/** Schema of the answer. `list` and `item` are the names of the list and of the text in its items. */
export function tagCountsAnswer(list: 'keys' | 'values', item: 'key' | 'value') {
  return Type.Object({
    [list]: Type.Array(
      Type.Object({
        [item]: Type.String(),
        total_count: Type.Integer({ description: `Number of resources with this ${item}.` }),
        counts: Type.Record(Type.String(), Type.Integer(), { description: 'The same by resource type.' }),
      }),
    ),
    next_marker: Type.Optional(Type.String({ description: 'Missing on the last page.' })),
  })
}

type Query = {
  readonly prefix?: string
  readonly limit?: number
  readonly marker?: string
}

/** A page of keys or values over some projects. */
export type CountedPage = {
  readonly counts: readonly TagCount[]
  readonly hasMore: boolean
  readonly revision?: number
}

/**
 * Counts keys, or the values of a key, in some projects: the sum of each over the projects. Gives the revision of a single
 * project. Throws `marker-invalid`.
 */
export async function countIn(
  catalog: Catalog,
  projects: readonly string[],
  types: readonly ResourceType[] | undefined,
  key: string | undefined,
  { prefix = '', limit = limitDefault, marker }: Query,
): Promise<CountedPage> {
  const after = marker === undefined ? undefined : (fromMarker(marker, ['string'])[0] as string)
  const page = { key, prefix, after, limit }
  if (projects.length === 1) return catalog.countTags(projects[0] as string, types, page)
  let sums: readonly TagCount[] = []
  let hasMore = false
  for (let i = 0; i < projects.length; i += PROJECTS_AT_ONCE) {
    const some = projects.slice(i, i + PROJECTS_AT_ONCE)
    for (const counted of await Promise.all(some.map((project) => catalog.countTags(project, types, page)))) {
      const merged = addCounts(sums, counted.counts)
      hasMore ||= counted.hasMore || merged.length > limit
      sums = merged.slice(0, limit)
    }
  }
  return { counts: sums, hasMore }
}

/** Adds the counts of a project. A key on the final page is on the first page of every project that has it. */
function addCounts(sums: readonly TagCount[], more: readonly TagCount[]): readonly TagCount[] {
  const merged = new Map(sums.map(({ text, counts }) => [text, new Map(counts)]))
  for (const { text, counts } of more) {
    const sum = merged.get(text) ?? new Map<ResourceType, number>()
    for (const [type, count] of counts) sum.set(type, (sum.get(type) ?? 0) + count)
    merged.set(text, sum)
  }
  return Array.from(merged, ([text, counts]) => ({ text, counts })).sort((a, b) => compareCodePoints(a.text, b.text))
}

/** The answer to a list of keys or values. */
export function tagCountsBody(list: 'keys' | 'values', item: 'key' | 'value', { counts, hasMore }: CountedPage) {
  const last = counts.at(-1)
  return {
    [list]: counts.map(({ text, counts: ofTypes }) => ({
      [item]: text,
      total_count: sumOf(ofTypes),
      counts: Object.fromEntries(ofTypes),
    })),
    ...(hasMore && last !== undefined && { next_marker: toMarker([last.text]) }),
  }
}
