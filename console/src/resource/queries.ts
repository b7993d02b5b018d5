import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { answerOf, api } from '../api/client.ts'
import type { operations } from '../api/schema.d.ts'
import { useProject } from '../session/project.ts'
import type { ResourceId } from './resource-id.ts'

type Answer<Operation extends keyof operations> = operations[Operation] extends {
  responses: { 200: { content: { 'application/json': infer Body } } }
}
  ? Body
  : never

/** A resource with the origin of each tag. */
export type Resource = Answer<'ShowResource'>
export type ResourceTag = Resource['tags'][number]
export type ResourceChange = Answer<'ListResourceHistory'>['changes'][number]

function usePath({ type, id }: ResourceId) {
  const project = useProject().id
  return { project_id: project, resource_type: type, resource_id: id }
}

function keyOf(project: string, { type, id }: ResourceId) {
  return ['project', project, 'resource', type, id] as const
}

/** `asOf`: a revision or a time; undefined for the present. */
export function useResource(resource: ResourceId, asOf: string | undefined) {
  const path = usePath(resource)
  return useQuery({
    queryKey: [...keyOf(path.project_id, resource), 'blame', asOf],
    queryFn: async ({ signal }) => {
      const query = { blame: true, ...(asOf !== undefined && { as_of: asOf }) }
      const call = api.GET('/tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}', {
        params: { path, query },
        signal,
      })
      const body = await answerOf(call)
      const revision = Number((await call).response.headers.get('x-tagwerk-revision'))
      return { ...body, revision }
    },
    meta: { isLive: asOf === undefined },
  })
}

const PAGE = 50

/** The changes of a resource, newest first, up to a revision. It has them also when the resource was deleted. */
export function useTimeline(resource: ResourceId, upTo: number | undefined, isEnabled: boolean) {
  const path = usePath(resource)
  return useInfiniteQuery({
    queryKey: [...keyOf(path.project_id, resource), 'history', upTo],
    queryFn: ({ signal, pageParam }) => {
      const query = { limit: PAGE, ...(pageParam !== undefined && { before_revision: pageParam }) }
      return answerOf(
        api.GET('/tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}/history', {
          params: { path, query },
          signal,
        }),
      )
    },
    initialPageParam: upTo === undefined ? undefined : upTo + 1,
    getNextPageParam: ({ next }) => next,
    enabled: isEnabled,
    meta: { isLive: upTo === undefined },
  })
}

/** A part of a filter on one resource. */
export type ExplainedPart = {
  readonly op: 'and' | 'or' | 'not' | 'test'
  readonly text: string
  readonly holds: boolean
  /** What the resource has where a test fails; null for no tag. */
  readonly actual?: string | number | null
  readonly near?: { readonly key: string; readonly value: string }
  readonly children: readonly ExplainedPart[]
}

/** Whether the resource matches a filter, part by part. */
export function useExplanation(resource: ResourceId, filter: string, asOf: string | undefined) {
  const path = usePath(resource)
  return useQuery({
    queryKey: [...keyOf(path.project_id, resource), 'explain', filter, asOf],
    queryFn: async ({ signal }) => {
      const query = { filter, ...(asOf !== undefined && { as_of: asOf }) }
      const call = api.GET('/tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}/explain', {
        params: { path, query },
        signal,
      })
      const { matches, tree } = await answerOf(call)
      return { matches, tree: tree as unknown as ExplainedPart }
    },
    enabled: filter !== '',
    placeholderData: keepPreviousData,
    meta: { isLive: asOf === undefined },
  })
}

export type TagChange =
  | { readonly action: 'create'; readonly tags: readonly { readonly key: string; readonly value: string }[] }
  | { readonly action: 'delete'; readonly tags: readonly { readonly key: string; readonly value: string }[] }

/** Changes tags of the resource; what shows the present of the project is asked for again. */
export function useTagChange(resource: ResourceId) {
  const path = usePath(resource)
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ action, tags }: TagChange) => {
      const call = api.POST('/tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}/tags', {
        params: { path },
        body: { action, tags: [...tags] },
      })
      return answerOf(call)
    },
    onSuccess: () =>
      queries.invalidateQueries({
        queryKey: ['project', path.project_id],
        predicate: ({ meta }) => meta?.isLive === true,
      }),
  })
}

const SUGGESTIONS = 50
/** No key is longer, and few values are. */
const PREFIX_MAX = 128

/** Keys in use that begin with a text, or with `key` the values of that key. */
export function useSuggestions(type: string, key: string | undefined, prefix: string, isEnabled: boolean) {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'suggestions', type, key, prefix],
    queryFn: async ({ signal }): Promise<readonly string[]> => {
      const path = { project_id: id }
      const query = { limit: SUGGESTIONS, ...(prefix !== '' && { prefix }) }
      if (key === undefined) {
        const params = { path, query }
        const { keys } = await answerOf(api.GET('/tagwerk/v1/{project_id}/tag-keys', { params, signal }))
        return keys.map((each) => each.key)
      }
      const params = { path, query: { ...query, key } }
      const { values } = await answerOf(api.GET('/tagwerk/v1/{project_id}/tag-values', { params, signal }))
      return values.map((each) => each.value).filter((value) => value !== '')
    },
    enabled: isEnabled && prefix.length <= PREFIX_MAX,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })
}
