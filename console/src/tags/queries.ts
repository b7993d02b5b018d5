import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../api/client.ts'
import type { operations } from '../api/schema.d.ts'
import { useWhyNot } from '../session/permissions.ts'
import { useProject } from '../session/project.ts'

type KeysAnswer = operations['ListTagKeys']['responses'][200]['content']['application/json']
export type TagKey = KeysAnswer['keys'][number]
export type Rule =
  operations['ShowEffectiveTagPolicy']['responses'][200]['content']['application/json']['rules'][number]

/** At most as many as coverage counts in one call. */
export const KEYS_PER_PAGE = 50
const KEYS_MAX = 1000
const FACETS_PER_CALL = 10
const VALUES_PER_PAGE = 200
/** The most used values that one call gives. */
const VALUES_COUNTED_MAX = 1000
const EXPORT_PER_PAGE = 1000
const DAY_MS = 86_400_000
const TREND_DAYS = 30

/** The keys in use that begin with a text, by name, page by page. */
export function useKeysByName(prefix: string, isEnabled: boolean) {
  const { id } = useProject()
  return useInfiniteQuery({
    queryKey: ['project', id, 'tag-keys', prefix, 'by-name'],
    queryFn: ({ pageParam, signal }) => readKeys(id, prefix, KEYS_PER_PAGE, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_marker }) => next_marker,
    enabled: isEnabled,
    placeholderData: keepPreviousData,
    meta: { isLive: true },
  })
}

/** The keys that begin with a text, the most used first. Of more than one call gives, those are left out that come later by name. */
export function useKeysByUse(prefix: string, isEnabled: boolean) {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'tag-keys', prefix, 'by-use'],
    queryFn: async ({ signal }) => {
      const { keys, next_marker } = await readKeys(id, prefix, KEYS_MAX, undefined, signal)
      return { keys: keys.toSorted((a, b) => b.total_count - a.total_count), isAll: next_marker === undefined }
    },
    enabled: isEnabled,
    placeholderData: keepPreviousData,
    meta: { isLive: true },
  })
}

function readKeys(id: string, prefix: string, limit: number, marker: string | undefined, signal: AbortSignal) {
  const query = { limit, ...(prefix !== '' && { prefix }), ...(marker !== undefined && { marker }) }
  const params = { path: { project_id: id }, query }
  return answerOf(api.GET('/tagwerk/v1/{project_id}/tag-keys', { params, signal }))
}

/** The shares of keys, day by day; a day on which a key was not counted is null. */
export type Trend = { readonly days: readonly string[]; readonly shares: readonly (number | null)[] }

/** The trends of the keys of each page. */
export function useTrends(pages: readonly (readonly string[])[]): ReadonlyMap<string, Trend> {
  const { id } = useProject()
  return useQueries({
    queries: pages.map((keys) => ({
      queryKey: ['project', id, 'coverage', 'trend', keys, dayBefore(TREND_DAYS)],
      queryFn: ({ signal }: { signal: AbortSignal }) => readTrends(id, keys, TREND_DAYS, signal),
    })),
    combine: (found) => new Map(found.flatMap(({ data = [] }) => data)),
  })
}

/** The trend of one key. */
export function useTrend(key: string, days: number) {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'coverage', 'trend', [key], dayBefore(days)],
    queryFn: async ({ signal }) => (await readTrends(id, [key], days, signal))[0]?.[1],
  })
}

async function readTrends(id: string, keys: readonly string[], days: number, signal: AbortSignal) {
  const params = { path: { project_id: id }, query: { keys: [...keys], from: dayBefore(days) } }
  const { points = [] } = await answerOf(api.GET('/tagwerk/v1/{project_id}/coverage', { params, signal }))
  return keys.map((key): [string, Trend] => [
    key,
    {
      days: points.map(({ day }) => day),
      shares: points.map((point) => point.keys.find((each) => each.key === key)?.coverage ?? null),
    },
  ])
}

function dayBefore(days: number): string {
  return new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10)
}

/** How many values each key of each page has. */
export function useValueCounts(pages: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  const { id } = useProject()
  const calls = pages.flatMap((keys) =>
    Array.from({ length: Math.ceil(keys.length / FACETS_PER_CALL) }, (_, at) =>
      keys.slice(at * FACETS_PER_CALL, (at + 1) * FACETS_PER_CALL),
    ),
  )
  return useQueries({
    queries: calls.map((keys) => ({
      queryKey: ['project', id, 'value-counts', keys],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const body = { limit: 0, facets: keys.map((key) => ({ key, limit: 1 })) }
        const params = { path: { project_id: id } }
        const { facets = [] } = await answerOf(
          api.POST('/tagwerk/v1/{project_id}/resources/search', { params, body, signal }),
        )
        return facets.map(({ key = '', values = [], more = 0 }): [string, number] => [key, values.length + more])
      },
      meta: { isLive: true },
    })),
    combine: (found) => new Map(found.flatMap(({ data = [] }) => data)),
  })
}

/** The rules of all tag policies, merged; without the right to read them there are none. */
export function useRules() {
  const { id } = useProject()
  const whyNot = useWhyNot()
  return useQuery({
    queryKey: ['project', id, 'policies', 'effective'],
    queryFn: async ({ signal }) => {
      const params = { path: { project_id: id } }
      return (await answerOf(api.GET('/tagwerk/v1/{project_id}/policies/effective', { params, signal }))).rules
    },
    enabled: whyNot('tagwerk:policies:get') === undefined,
  })
}

/** The rule about a key, in any case. */
export function ruleOf(rules: readonly Rule[] | undefined, key: string): Rule | undefined {
  return rules?.find(({ tag_key }) => tag_key.toLowerCase() === key.toLowerCase())
}

export type ValueCount = { readonly value: string; readonly count: number }

/** The most used values of a key, how many further ones there are, and on how many resources the key is. */
export function useMostUsed(key: string) {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'values', key, 'most-used'],
    queryFn: async ({ signal }) => {
      const body = { limit: 0, facets: [{ key, limit: VALUES_COUNTED_MAX }] }
      const params = { path: { project_id: id } }
      const { facets = [], total_count } = await answerOf(
        api.POST('/tagwerk/v1/{project_id}/resources/search', { params, body, signal }),
      )
      const [facet] = facets
      return {
        values: facet?.values ?? [],
        more: facet?.more ?? 0,
        resources: facet?.with_key ?? 0,
        all: total_count,
      }
    },
    placeholderData: keepPreviousData,
    meta: { isLive: true },
  })
}

/** The values of a key by name, page by page. */
export function useValuesByName(key: string, isEnabled: boolean) {
  const { id } = useProject()
  return useInfiniteQuery({
    queryKey: ['project', id, 'values', key, 'by-name'],
    queryFn: ({ pageParam, signal }) => readValues(id, key, pageParam, VALUES_PER_PAGE, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    enabled: isEnabled,
    meta: { isLive: true },
  })
}

async function readValues(id: string, key: string, marker: string | undefined, limit: number, signal?: AbortSignal) {
  const params = { path: { project_id: id }, query: { key, limit, ...(marker !== undefined && { marker }) } }
  const call = api.GET('/tagwerk/v1/{project_id}/tag-values', { params, ...(signal && { signal }) })
  const { values, next_marker } = await answerOf(call)
  return {
    values: values.map(({ value, total_count }): ValueCount => ({ value, count: total_count })),
    next: next_marker,
  }
}

/** All values of a key with their numbers. */
export async function readAllValues(id: string, key: string): Promise<readonly ValueCount[]> {
  const all: ValueCount[] = []
  for (let marker: string | undefined; ; ) {
    const { values, next } = await readValues(id, key, marker, EXPORT_PER_PAGE)
    all.push(...values)
    if (next === undefined) return all
    marker = next
  }
}
