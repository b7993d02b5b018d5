import { DomainError } from '../core/errors.ts'
import { combine, type Expression, FALSE } from '../core/expression/expression.ts'
import type { EffectivePolicy } from '../core/policy/effective-policy.ts'
import { PROBLEMS, type Problem } from '../core/policy/judge-resource.ts'
import { problemExpression } from '../core/policy/problem-expression.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { TagQuery } from '../core/tag-query.ts'
import type { CombinedRequest, CombinedResult } from './combined-request.ts'
import { NoLongerCurrent, searchCombined } from './combined-search.ts'
import { countProblems, type TypeCompliance } from './compliance-counts.ts'
import { KeySpellings } from './key-spellings.ts'
import type { PastReads } from './past-reads.ts'
import type { ProjectIndex } from './project-index.ts'
import { TimeSlice } from './time-slice.ts'

/** A search starts again when a key came into use meanwhile; the last time it does not yield before it begins. */
const TRIES_MAX = 5

/** Which resources are meant: those with a problem with the rules of a policy. */
export type ProblemFilter = {
  readonly policy: EffectivePolicy
  /** Default: any key of the policy. */
  readonly key?: string | undefined
  /** Default: any problem. */
  readonly problem?: Problem | undefined
}

/** How the resources of projects comply with tag policies: evaluated in the index, so it is never stale. */
export class Compliance {
  readonly #moments: Pick<PastReads, 'read'>

  constructor(moments: Pick<PastReads, 'read'>) {
    this.#moments = moments
  }

  /** Counts problems, see `countProblems`. */
  count(
    project: string,
    policy: EffectivePolicy,
    types: readonly ResourceType[] | undefined,
  ): Promise<{ readonly revision: number; readonly types: readonly TypeCompliance[] }> {
    return this.#moments.read(project, (index) => countProblems(index, project, policy, types))
  }

  /** Searches among the resources with a problem, see `searchCombined`: each query of the request is one among these. */
  search(
    project: string,
    types: readonly ResourceType[] | undefined,
    filter: ProblemFilter,
    request: CombinedRequest,
  ): Promise<CombinedResult> {
    return this.#moments.read(project, (index) => searchProblems(index, project, types, filter, request))
  }
}

async function searchProblems(
  index: ProjectIndex,
  project: string,
  types: readonly ResourceType[] | undefined,
  { policy, key, problem }: ProblemFilter,
  request: CombinedRequest,
): Promise<CombinedResult> {
  const rules = policy.rules.filter((rule) => key === undefined || rule.key === key)
  const problems = problem === undefined ? PROBLEMS : [problem]
  const slice = new TimeSlice(project)
  for (let tries = 1; ; tries++) {
    const searched = types ?? index.types
    const keys = rules.map((rule) => rule.key)
    const spellings = await KeySpellings.read(index, searched, keys, tries === TRIES_MAX ? undefined : slice)
    const expressions = rules.flatMap((rule) =>
      problems.map((each) => problemExpression(rule, each, { types: searched, spellings: spellings.of(rule.key) })),
    )
    const isCurrent = () =>
      spellings.isCurrent(index) && (types !== undefined || index.types.join() === searched.join())
    try {
      return await searchCombined(index, project, searched, among(request, expressions), isCurrent)
    } catch (error) {
      if (!(error instanceof NoLongerCurrent)) throw error
      if (tries === TRIES_MAX) throw new DomainError('overloaded', { retryAfterSeconds: 1 })
    }
  }
}

/** Adds the condition that one of some expressions holds to every query of a request. Equal queries stay one. */
function among(request: CombinedRequest, expressions: readonly Expression[]): CombinedRequest {
  const some = expressions.filter((each) => each !== FALSE)
  const any = some.length === 0 ? FALSE : combine('or', some)
  const queries = new Map<TagQuery, TagQuery>()
  const restrict = (query: TagQuery): TagQuery => {
    const known = queries.get(query)
    if (known !== undefined) return known
    const filter = query.filter === undefined ? any : combine('and', [any, query.filter])
    const restricted = { ...query, filter }
    queries.set(query, restricted)
    return restricted
  }
  return {
    ...request,
    query: restrict(request.query),
    facets: request.facets.map((facet) => ({ ...facet, query: restrict(facet.query) })),
    counted: request.counted.map(restrict),
  }
}
