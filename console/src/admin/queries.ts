import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { answerOf, api } from '../api/client.ts'
import { useKnowsDomainPermissions } from '../session/permissions.ts'
import { SESSION_KEY } from '../session/session.ts'

/** Records of one call. Lists are read to their end: a domain has at most some thousand users and projects. */
const PAGE = 1000
const LOG_PAGE = 100

/** Key of everything that is about the domain. */
const DOMAIN = ['domain'] as const

type Page = { readonly next_marker?: string | undefined }

/** Reads a list to its end. */
async function allOf<P extends Page, T>(
  read: (marker: { readonly marker?: string }) => Promise<P>,
  itemsOf: (page: P) => readonly T[],
): Promise<readonly T[]> {
  const items: T[] = []
  let page = await read({})
  for (;;) {
    items.push(...itemsOf(page))
    if (page.next_marker === undefined) return items
    page = await read({ marker: page.next_marker })
  }
}

/** Nothing is asked for before it is known what the user may see. */
function useIsAsked(isEnabled: boolean): boolean {
  return useKnowsDomainPermissions() && isEnabled
}

/** The projects of the domain, or those of the user. */
export function useDomainProjects(isEnabled = true) {
  return useQuery({
    queryKey: [...DOMAIN, 'projects'],
    queryFn: ({ signal }) =>
      allOf(
        (from) =>
          answerOf(api.GET('/tagwerk/v1/domain/projects', { params: { query: { limit: PAGE, ...from } }, signal })),
        ({ projects }) => projects,
      ),
    enabled: useIsAsked(isEnabled),
  })
}

export function useDomainUsers(isEnabled = true) {
  return useQuery({
    queryKey: [...DOMAIN, 'users'],
    queryFn: ({ signal }) =>
      allOf(
        (from) =>
          answerOf(api.GET('/tagwerk/v1/domain/users', { params: { query: { limit: PAGE, ...from } }, signal })),
        ({ users }) => users,
      ),
    enabled: useIsAsked(isEnabled),
  })
}

export function useDomainRoles(isEnabled = true) {
  return useQuery({
    queryKey: [...DOMAIN, 'roles'],
    queryFn: ({ signal }) =>
      allOf(
        (from) =>
          answerOf(api.GET('/tagwerk/v1/domain/roles', { params: { query: { limit: PAGE, ...from } }, signal })),
        ({ roles }) => roles,
      ),
    enabled: useIsAsked(isEnabled),
  })
}

export type AssignmentFilter = { readonly user_id?: string; readonly project_id?: string; readonly role_id?: string }

/** Which roles a user has, who has a role, or who may do something in a project. */
export function useAssignments(filter: AssignmentFilter, isEnabled = true) {
  return useQuery({
    queryKey: [...DOMAIN, 'assignments', filter],
    queryFn: ({ signal }) =>
      allOf(
        (from) => {
          const query = { limit: PAGE, ...filter, ...from }
          return answerOf(api.GET('/tagwerk/v1/domain/role-assignments', { params: { query }, signal }))
        },
        ({ assignments }) => assignments,
      ),
    enabled: useIsAsked(isEnabled),
  })
}

export function useAccessKeys(user: string, isEnabled = true) {
  return useQuery({
    queryKey: [...DOMAIN, 'access-keys', user],
    queryFn: async ({ signal }) => {
      const params = { path: { user_id: user } }
      return (await answerOf(api.GET('/tagwerk/v1/domain/users/{user_id}/access-keys', { params, signal }))).access_keys
    },
    enabled: useIsAsked(isEnabled),
  })
}

export function useLimits(project: string, isEnabled = true) {
  return useQuery({
    queryKey: [...DOMAIN, 'limits', project],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET('/tagwerk/v1/projects/{project_id}/limits', { params: { path: { project_id: project } }, signal }),
      ),
    enabled: useIsAsked(isEnabled),
  })
}

export function useFaults(isEnabled = true) {
  return useQuery({
    queryKey: [...DOMAIN, 'faults'],
    queryFn: async ({ signal }) => (await answerOf(api.GET('/tagwerk/v1/faults', { signal }))).families,
    enabled: useIsAsked(isEnabled),
  })
}

/** The account log, newest first, page by page. */
export function useAccountLog(isEnabled = true) {
  return useInfiniteQuery({
    queryKey: [...DOMAIN, 'account-log'],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: LOG_PAGE, ...(pageParam > 0 && { marker: pageParam }) }
      return answerOf(api.GET('/tagwerk/v1/account-log', { params: { query }, signal }))
    },
    initialPageParam: 0,
    getNextPageParam: ({ next_marker }) => next_marker,
    enabled: useIsAsked(isEnabled),
  })
}

/** A change of accounts. Afterwards everything about the domain is asked for again, and what the user may do. */
export function useChange<Input, Result>(
  change: (input: Input) => Promise<Result>,
  onDone: (result: Result, input: Input) => void = () => {},
) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: (result, input) => {
      void queries.invalidateQueries({ queryKey: DOMAIN })
      void queries.invalidateQueries({ queryKey: ['permissions'] })
      onDone(result, input)
    },
  })
}

/** Gives the function that reads the projects of the session again, for the menu of projects. */
export function useRefreshSession(): () => Promise<void> {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: SESSION_KEY })
}
