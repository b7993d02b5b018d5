import { keepPreviousData, skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ApiError, answerOf, api } from '../api/client.ts'
import type { operations } from '../api/schema.d.ts'
import { useProject } from '../session/project.ts'
import type { PolicyDocument } from './document.ts'
import type { Age, Level, Problem } from './search.ts'

type Ok<Name extends keyof operations> = operations[Name] extends {
  responses: { 200: { content: { 'application/json': infer Body } } }
}
  ? Body
  : never

export type CoverageAnswer = Ok<'ShowCoverage'>
export type Compliance = Ok<'ShowCompliance'>
export type Effective = Ok<'ShowEffectiveTagPolicy'>
export type Rule = Effective['rules'][number]
export type ListedPolicy = Ok<'ListTagPolicies'>['policies'][number]
export type StoredPolicy = Ok<'ShowTagPolicy'>
export type PolicyWarning = Ok<'PutTagPolicy'>['warnings'][number]
export type RehearsalAnswer = Ok<'RehearsePolicy'>

/** How many resources of each type have which keys. */
export function useCoverage() {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'coverage'],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/tagwerk/v1/{project_id}/coverage', { params: { path: { project_id: id } }, signal })),
    meta: { isLive: true },
    placeholderData: keepPreviousData,
  })
}

/** The days of one key, of one type or of all. */
export function useCoverageDays(key: string, type: string | undefined, from: string, interval: 'day' | 'week') {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'coverage-days', key, type, from, interval],
    queryFn: ({ signal }) => {
      const query = { keys: [key], from, interval, ...(type !== undefined && { types: [type] }) }
      const params = { path: { project_id: id }, query }
      return answerOf(api.GET('/tagwerk/v1/{project_id}/coverage', { params, signal }))
    },
    meta: { isLive: true },
    placeholderData: keepPreviousData,
  })
}

/** How the resources comply with all policies that apply. */
export function useCompliance(isNeeded: boolean) {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'compliance'],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/tagwerk/v1/{project_id}/compliance', { params: { path: { project_id: id } }, signal })),
    meta: { isLive: true },
    placeholderData: keepPreviousData,
    enabled: isNeeded,
  })
}

/** How the resources comply with a policy that is not stored; fails with the path of what is wrong in it. */
export function useDraftCompliance(policy: PolicyDocument | undefined) {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'draft-compliance', policy],
    queryFn: ({ signal }) => {
      const params = { path: { project_id: id } }
      return answerOf(api.POST('/tagwerk/v1/{project_id}/compliance', { params, body: { policy }, signal }))
    },
    meta: { isLive: true },
    placeholderData: keepPreviousData,
    enabled: policy !== undefined,
    retry: false,
  })
}

export function useEffectiveRules() {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'policies', 'effective'],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET('/tagwerk/v1/{project_id}/policies/effective', { params: { path: { project_id: id } }, signal }),
      ),
    meta: { isLive: true },
    placeholderData: keepPreviousData,
  })
}

/** The policies of the project, or of its domain. */
export function usePolicyList(level: Level) {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'policies', level],
    queryFn: ({ signal }) =>
      level === 'domain'
        ? answerOf(api.GET('/tagwerk/v1/domain/policies', { signal }))
        : answerOf(api.GET('/tagwerk/v1/{project_id}/policies', { params: { path: { project_id: id } }, signal })),
  })
}

/** One policy, as it was put. */
export function usePolicy(level: Level, name: string, isNeeded = true) {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'policies', level, name],
    queryFn: ({ signal }) => {
      const [domain, project] = [{ policy_name: name }, { project_id: id, policy_name: name }]
      return level === 'domain'
        ? answerOf(api.GET('/tagwerk/v1/domain/policies/{policy_name}', { params: { path: domain }, signal }))
        : answerOf(api.GET('/tagwerk/v1/{project_id}/policies/{policy_name}', { params: { path: project }, signal }))
    },
    enabled: isNeeded,
  })
}

/** Puts a policy in force; gives what its author should know. */
export function usePutPolicy() {
  const { id } = useProject()
  const queries = useQueryClient()
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ level, name, policy }: { level: Level; name: string; policy: PolicyDocument }) => {
      const [domain, project] = [{ policy_name: name }, { project_id: id, policy_name: name }]
      const body = { ...policy }
      return level === 'domain'
        ? answerOf(api.PUT('/tagwerk/v1/domain/policies/{policy_name}', { params: { path: domain }, body }))
        : answerOf(api.PUT('/tagwerk/v1/{project_id}/policies/{policy_name}', { params: { path: project }, body }))
    },
    onSuccess: (answer, { level, name }) => {
      queries.setQueryData(outcomeKey(id, level, name), answer)
      return refresh()
    },
  })
}

type PutAnswer = Ok<'PutTagPolicy'>

const outcomeKey = (project: string, level: Level, name: string) => ['put', project, level, name] as const

/** What the service said when a policy was put on this page or on the one before. */
export function usePutOutcome(level: Level, name: string): PutAnswer | undefined {
  const { id } = useProject()
  return useQuery<PutAnswer>({ queryKey: outcomeKey(id, level, name), queryFn: skipToken }).data
}

export function useDeletePolicy(level: Level, name: string) {
  const { id } = useProject()
  const refresh = useRefresh([level, name])
  return useMutation({
    mutationFn: () => {
      const [domain, project] = [{ policy_name: name }, { project_id: id, policy_name: name }]
      return level === 'domain'
        ? answerOf(api.DELETE('/tagwerk/v1/domain/policies/{policy_name}', { params: { path: domain } }))
        : answerOf(api.DELETE('/tagwerk/v1/{project_id}/policies/{policy_name}', { params: { path: project } }))
    },
    onSuccess: refresh,
  })
}

/** Asks again for everything that policies decide. A policy of the domain changes the other projects, too. */
function useRefresh(gone?: readonly [level: Level, name: string]) {
  const queries = useQueryClient()
  const asks = ['policies', 'compliance', 'coverage', 'coverage-days', 'problems']
  return () =>
    queries.invalidateQueries({
      predicate: ({ queryKey: [first, , ask, level, name] }) =>
        // A policy that is gone cannot be asked for again.
        first === 'project' &&
        asks.includes(String(ask)) &&
        (gone === undefined || level !== gone[0] || name !== gone[1]),
    })
}

/** Converts a rule of Huawei Cloud Config. */
export function useConvert() {
  return useMutation({
    mutationFn: (assignment: { readonly [member: string]: unknown }) =>
      answerOf(api.POST('/tagwerk/v1/domain/policies/convert', { body: { from: 'huawei-config', assignment } })),
  })
}

/** What a policy would have refused. Runs only when it is asked for: it may take a minute, and one at a time runs in a project. */
export function useRehearsal(policy: PolicyDocument | undefined, age: Age | undefined) {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'rehearsal', policy, age],
    queryFn: ({ signal }) => {
      const params = { path: { project_id: id } }
      const body = { policy, since: `-${age}`, samples: SAMPLES }
      return answerOf(api.POST('/tagwerk/v1/{project_id}/policies/rehearse', { params, body, signal }))
    },
    enabled: policy !== undefined && age !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    // One that somebody has left still runs for a moment.
    retry: (failures, error) => error instanceof ApiError && error.status === 429 && failures < BUSY_RETRIES,
  })
}

const BUSY_RETRIES = 3
const SAMPLES = 100

/** Which resources have a problem with the rules that apply. */
export type ProblemFilter = {
  readonly key?: string | undefined
  readonly problem?: Problem | undefined
  readonly type?: string | undefined
}

/** The body of a search for problems. */
export function problemsBody({ key, problem, type }: ProblemFilter) {
  return {
    ...(key !== undefined && { key }),
    ...(problem !== undefined && { problem }),
    ...(type !== undefined && { types: [type] }),
  }
}

/** Counts the resources with a problem, and with `facet` the values of that key, or all keys with `keys`. */
export function useProblemCounts(
  filter: ProblemFilter,
  facet: { readonly of: string } | 'keys' | undefined,
  isNeeded = true,
) {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'problems', 'counts', filter, facet],
    queryFn: ({ signal }) => {
      const facets =
        facet === undefined
          ? []
          : [facet === 'keys' ? { keys: true as const, limit: FACET_MAX } : { key: facet.of, limit: FACET_MAX }]
      const params = { path: { project_id: id } }
      const body = { ...problemsBody(filter), limit: 0, ...(facets.length > 0 && { facets }) }
      return answerOf(api.POST('/tagwerk/v1/{project_id}/compliance/resources', { params, body, signal }))
    },
    meta: { isLive: true },
    placeholderData: keepPreviousData,
    enabled: isNeeded,
  })
}

const FACET_MAX = 1000
