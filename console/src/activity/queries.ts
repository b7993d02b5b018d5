import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { answerOf, api } from '../api/client.ts'
import type { operations } from '../api/schema.d.ts'
import { useLive, useProject } from '../session/project.ts'
import { type Group, mergeGroups } from './groups.ts'
import { type ActivitySearch, conditionsOf, timesOf } from './search.ts'

type Query = NonNullable<operations['ListChangeGroups']['parameters']['query']>
type Page = operations['ListChangeGroups']['responses'][200]['content']['application/json']
export type Change = operations['ListChanges']['responses'][200]['content']['application/json']['changes'][number]

const PAGE = 50
const FACETS_PAGE = 200
const FACETS_POLL_MS = 15_000
/** Groups that are taken in before the feed begins anew. */
const TAKEN_MAX = 100

async function readGroups(project: string, query: Query, signal: AbortSignal): Promise<Page & { revision: number }> {
  const params = { path: { project_id: project }, query }
  const call = api.GET('/tagwerk/v1/{project_id}/activity/groups', { params, signal })
  const page = await answerOf(call)
  return { ...page, revision: Number((await call).response.headers.get('x-tagwerk-revision')) }
}

/** The latest groups of a time, whatever the other conditions are: what facets offer. */
export function useLatestGroups(search: ActivitySearch) {
  const { id } = useProject()
  const query = { ...timesOf(search), limit: FACETS_PAGE }
  return useQuery({
    queryKey: ['project', id, 'activity-facets', query],
    queryFn: ({ signal }) => readGroups(id, query, signal),
    placeholderData: keepPreviousData,
    // The service reads thousands of changes for it: not at each new revision.
    refetchInterval: FACETS_POLL_MS,
  })
}

/**
 * The feed: pages of groups up to the revision at which it was opened, and the newer groups, which are buffered until `show` adds them.
 */
export function useFeed(search: ActivitySearch) {
  const project = useProject()
  const { id } = project
  const live = useLive(project).data?.revision
  const conditions = { ...conditionsOf(search), ...timesOf(search) }
  const sign = JSON.stringify(conditions)
  const pages = useInfiniteQuery({
    queryKey: ['project', id, 'activity-groups', sign],
    queryFn: ({ signal, pageParam }) => {
      const page = { limit: PAGE, ...(pageParam !== undefined && { before: pageParam }) }
      return readGroups(id, { ...conditions, ...page }, signal)
    },
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  })
  const head = pages.isPlaceholderData ? undefined : pages.data?.pages[0]?.revision
  const newer = useQuery({
    queryKey: ['project', id, 'activity-newer', sign, head, live],
    queryFn: ({ signal }) => readGroups(id, { ...conditions, after: head as number, limit: FACETS_PAGE }, signal),
    enabled: head !== undefined && live !== undefined && live > head,
    placeholderData: keepPreviousData,
  })
  const place = `${sign} ${head}`
  const [taken, setTaken] = useState<{ readonly place: string; readonly groups: readonly Group[] }>()
  const shownNewer = taken?.place === place ? taken.groups : NONE
  const found = head === undefined || newer.isPlaceholderData ? undefined : newer.data
  const waiting = found === undefined ? 0 : countNew(shownNewer, found.groups)
  const groups = useMemo(
    () => mergeGroups([...shownNewer, ...(pages.data?.pages.flatMap((page) => page.groups) ?? [])]),
    [shownNewer, pages.data],
  )
  const show = () => {
    if (found === undefined) return
    // So many that it costs less to begin anew; a read that is under way goes on.
    if (found.next !== undefined || found.groups.length > TAKEN_MAX) void pages.refetch({ cancelRefetch: false })
    else setTaken({ place, groups: found.groups })
  }
  return { pages, groups, waiting, show }
}

const NONE: readonly Group[] = []

/** How many groups there are, or have grown, that are not shown. */
function countNew(shown: readonly Group[], found: readonly Group[]): number {
  const known = new Map(shown.map((group) => [group.id, group.last.revision]))
  return found.filter((group) => known.get(group.id) !== group.last.revision).length
}

/** Takes new groups in as they come, unless somebody reads further down. */
export function useAutoShow({ waiting, show }: { waiting: number; show: () => void }, isAtTop: boolean): void {
  const isDue = waiting > 0 && isAtTop
  useEffect(() => {
    if (isDue) show()
  })
}

const CHANGES_PAGE = 100

/** The changes of a group that meet the conditions of the feed. */
export function useGroupChanges(group: Group, search: ActivitySearch) {
  const { id } = useProject()
  const { cause, request_id, actor, first, last } = group
  const of = cause === undefined ? { request_id } : { cause }
  const conditions = { ...conditionsOf(search), ...of, actor: actor.id, after: first.revision - 1 }
  return useInfiniteQuery({
    queryKey: ['project', id, 'group-changes', conditions, last.revision],
    queryFn: ({ signal, pageParam }) => {
      const query = { ...conditions, before: pageParam, limit: CHANGES_PAGE }
      return answerOf(
        api.GET('/tagwerk/v1/{project_id}/changes', { params: { path: { project_id: id }, query }, signal }),
      )
    },
    initialPageParam: last.revision + 1,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  })
}
