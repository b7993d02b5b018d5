import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { answerOf, api } from '../api/client.ts'
import type { operations } from '../api/schema.d.ts'
import { useProject } from '../session/project.ts'
import { SearchLane } from './search-lane.ts'

type SearchCall = operations['SearchResources']
export type SearchBody = SearchCall['requestBody']['content']['application/json']
export type SearchAnswer = SearchCall['responses'][200]['content']['application/json']
export type Resource = SearchAnswer['resources'][number]
export type Facet = NonNullable<SearchAnswer['facets']>[number]

/** What is searched for. */
export type Condition = {
  readonly filter: string | undefined
  readonly types: readonly string[]
  readonly asOf: string | undefined
}

export const PAGE_ROWS = 100
/** Rows of the first page: more than a screen shows, and quickly drawn. */
const FIRST_ROWS = 50
/** Keys that the panel lists; a text finds others. */
export const KEYS_LISTED = 50
/** The most keys that one answer counts. */
const KEYS_COUNTED = 1000
/** Values of an open key that one answer brings; the panel shows a few of them. */
const VALUES_COUNTED = 40
/** A search counts at most ten facets, one of which is that of the keys. */
const KEYS_WITH_SEARCH = 9
const NEAR_STALE_MS = 300_000

/** The identity of a resource in the console. */
export function idOf({ resource_type: type, resource_id: id }: Resource): string {
  return `${type}/${id}`
}

/** The members of a search that say what it is about. */
export function bodyOf({ filter, types, asOf }: Condition): SearchBody {
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(types.length === 0 ? {} : { types: [...types] }),
    ...(asOf === undefined ? {} : { as_of: asOf }),
  }
}

/** Asks a search of the project. */
export function search(project: string, body: SearchBody, signal: AbortSignal | undefined): Promise<SearchAnswer> {
  const params = { path: { project_id: project } }
  return answerOf(api.POST('/tagwerk/v1/{project_id}/resources/search', { params, body, ...(signal && { signal }) }))
}

const lane = new SearchLane()

/** Asks a search that brings rows, before those that only count. */
function searchRows(project: string, body: SearchBody, signal: AbortSignal): Promise<SearchAnswer> {
  return lane.run('rows', (own) => search(project, body, own), signal)
}

/** Asks a search that only counts, when no other is under way. */
function searchCounts(project: string, body: SearchBody, signal: AbortSignal): Promise<SearchAnswer> {
  return lane.run('counts', (own) => search(project, { ...body, limit: 0 }, own), signal)
}

const facetOf = (key: string) => ({ key, limit: VALUES_COUNTED, exclude_own: true })

/**
 * The matches, page by page. The first page also counts the keys and the values of the keys that are open, so that rows and
 * facets are of one revision. Opening another key does not ask for the rows again: see `useFacets`.
 */
export function useMatches(condition: Condition, openKeys: readonly string[], isReady: boolean) {
  const { id } = useProject()
  const open = useRef(openKeys)
  open.current = openKeys
  const pagesShown = useRef(0)
  const query = useInfiniteQuery({
    queryKey: ['project', id, 'search', condition],
    queryFn: ({ signal, pageParam }) => {
      const facets = [
        { keys: true as const, limit: KEYS_LISTED },
        ...open.current.slice(0, KEYS_WITH_SEARCH).map(facetOf),
      ]
      const page = pageParam === undefined ? { limit: FIRST_ROWS, facets } : { limit: PAGE_ROWS, after: pageParam }
      return searchRows(id, { ...bodyOf(condition), ...page }, signal)
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    enabled: isReady,
    // Who has scrolled on keeps the pages that they read; the tool bar says that there is something newer.
    meta: { isLive: condition.asOf === undefined && pagesShown.current <= 1 },
  })
  pagesShown.current = query.data?.pages.length ?? 0
  const lastGood = useRef(query.data)
  if (query.data !== undefined) lastGood.current = query.data
  const isOld = query.isPlaceholderData || query.data === undefined
  return { query, pages: (query.data ?? lastGood.current)?.pages, isOld }
}

/**
 * The values of open keys: of the search where it has counted them, else each by a call of its own. `isOld`: the search of the
 * condition is under way, and will count them. What was known last stays until then.
 */
export function useFacets(
  condition: Condition,
  openKeys: readonly string[],
  first: SearchAnswer | undefined,
  isOld: boolean,
): ReadonlyMap<string, Facet> {
  const { id } = useProject()
  const counted = new Map<string, Facet>()
  for (const facet of first?.facets ?? []) if (facet.key !== undefined) counted.set(facet.key, facet)
  const missing = first === undefined || isOld ? [] : openKeys.filter((key) => !counted.has(key))
  const queries = useQueries({
    queries: missing.map((key) => ({
      queryKey: ['project', id, 'facet', condition, key],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        searchCounts(id, { ...bodyOf(condition), facets: [facetOf(key)] }, signal),
      meta: { isLive: condition.asOf === undefined },
    })),
  })
  for (const [at, key] of missing.entries()) {
    const facet = queries[at]?.data?.facets?.[0]
    if (facet !== undefined) counted.set(key, facet)
  }
  const known = useRef<ReadonlyMap<string, Facet>>(counted)
  known.current = new Map([...known.current, ...counted])
  return known.current
}

/** The values of one key, as many as a search counts. */
export function useValues(condition: Condition, key: string | undefined) {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'values', condition, key],
    queryFn: async ({ signal }) => {
      const facets = [{ key: key as string, limit: 1000, exclude_own: true }]
      const { facets: [facet] = [] } = await searchCounts(id, { ...bodyOf(condition), facets }, signal)
      return facet as Facet
    },
    enabled: key !== undefined,
    meta: { isLive: condition.asOf === undefined },
  })
}

/** The keys of the whole project, most used first, and its size. They do not depend on the filter. */
export function useProjectKeys(asOf: string | undefined) {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'keys', asOf],
    queryFn: async ({ signal }) => {
      const body = {
        facets: [{ keys: true as const, limit: KEYS_COUNTED }],
        ...(asOf === undefined ? {} : { as_of: asOf }),
      }
      const { total_count: total, counts, facets: [facet] = [] } = await searchCounts(id, body, signal)
      return { total, counts, keys: facet?.keys ?? [] }
    },
    placeholderData: keepPreviousData,
    meta: { isLive: asOf === undefined },
  })
}

/** The keys of the matches, as many as a search counts: asked for when somebody looks for one by its name. */
export function useKeys(condition: Condition, isWanted: boolean) {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'match-keys', condition],
    queryFn: async ({ signal }) => {
      const facets = [{ keys: true as const, limit: KEYS_COUNTED }]
      return (await searchCounts(id, { ...bodyOf(condition), facets }, signal)).facets?.[0]
    },
    enabled: isWanted,
    placeholderData: keepPreviousData,
    meta: { isLive: condition.asOf === undefined },
  }).data
}

/** The matches of each type as if no type was chosen. */
export function useTypeCounts({ filter, asOf, types }: Condition, isValid: boolean) {
  const { id } = useProject()
  const condition = { filter, asOf, types: [] }
  const { data } = useQuery({
    queryKey: ['project', id, 'types', condition],
    queryFn: ({ signal }) => searchCounts(id, bodyOf(condition), signal),
    enabled: isValid && types.length > 0,
    placeholderData: keepPreviousData,
    meta: { isLive: asOf === undefined },
  })
  return data?.counts
}

/** The keys that have near-duplicates, each with the surest kind. They change slowly, and cost the service more than a search. */
export function useNearKeys(): ReadonlyMap<string, string> {
  const { id } = useProject()
  const { data } = useQuery({
    queryKey: ['project', id, 'near-keys'],
    queryFn: ({ signal }) => {
      const params = { path: { project_id: id } }
      return answerOf(api.GET('/tagwerk/v1/{project_id}/near-duplicates', { params, signal }))
    },
    staleTime: NEAR_STALE_MS,
  })
  const kinds = new Map<string, string>()
  for (const { kind, members } of data?.groups ?? []) {
    for (const { key } of members) if (key !== undefined && kind !== 'perhaps' && !kinds.has(key)) kinds.set(key, kind)
  }
  return kinds
}

/** The number of matches of each of some conditions. */
export function useCounts(conditions: readonly Condition[]) {
  const { id } = useProject()
  return useQueries({
    queries: conditions.map((condition) => ({
      queryKey: ['project', id, 'count', condition],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => searchCounts(id, bodyOf(condition), signal),
      meta: { isLive: condition.asOf === undefined },
    })),
  }).map(({ data }) => data?.total_count)
}

/** The coverage of keys on the stored days of the last two years. */
export function useCoverage(keys: readonly string[], asOf: string | undefined) {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'coverage', keys, asOf],
    queryFn: ({ signal }) => {
      const query = { keys: [...keys], from: daysAgo(COVERAGE_DAYS), ...(asOf === undefined ? {} : { as_of: asOf }) }
      const params = { path: { project_id: id }, query }
      return answerOf(api.GET('/tagwerk/v1/{project_id}/coverage', { params, signal }))
    },
    enabled: keys.length > 0,
    placeholderData: keepPreviousData,
  })
}

const COVERAGE_DAYS = 730
const DAY_MS = 86_400_000

function daysAgo(days: number): string {
  return new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10)
}
