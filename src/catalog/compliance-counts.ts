import { ofType } from '../core/expression/decided-query.ts'
import { combine, type Expression, FALSE } from '../core/expression/expression.ts'
import type { EffectivePolicy, PolicyRule } from '../core/policy/effective-policy.ts'
import { PROBLEMS, type Problem } from '../core/policy/judge-resource.ts'
import { typeTest } from '../core/policy/policy-types.ts'
import { problemExpression } from '../core/policy/problem-expression.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { StepwiseSearch } from '../search-index/stepwise-search.ts'
import type { TagIndex } from '../search-index/tag-index.ts'
import { collectValues } from './filters.ts'
import { KeySpellings } from './key-spellings.ts'
import { finish, searchInSteps } from './page-search.ts'
import type { ProjectIndex } from './project-index.ts'
import { TimeSlice } from './time-slice.ts'

/** Counts that change while they are made are made again, the last time without yielding. */
const TRIES_MAX = 3

/** The resources of a type, and how many of them have which problem with the rule of a key. */
export type TypeCompliance = {
  readonly type: ResourceType
  readonly resources: number
  /** Those without any problem. */
  readonly compliant: number
  /** In the order of the rules; only those that some resource has. */
  readonly problems: readonly { readonly key: string; readonly problem: Problem; readonly resources: number }[]
}

/**
 * Counts the problems of the resources of some types, or of all, with a policy, at one revision, in time slices: as many as
 * `problemsOfResource` finds on each. Nearly all numbers are sums of those that the index has.
 */
export async function countProblems(
  index: ProjectIndex,
  project: string,
  { rules }: EffectivePolicy,
  searched: readonly ResourceType[] | undefined,
): Promise<{ readonly revision: number; readonly types: readonly TypeCompliance[] }> {
  const slice = new TimeSlice(project)
  const keys = rules.map(({ key }) => key)
  for (let tries = 1; ; tries++) {
    const isLast = tries === TRIES_MAX
    const types = searched ?? index.types
    const counting = new Counting(index, rules, types, await KeySpellings.read(index, types, keys, slice))
    try {
      await counting.search(slice)
      await index.boundary.reached()
      const { revision } = index
      if (isLast) counting.renew()
      else if (!counting.isCurrent || (searched === undefined && !sameTypes(index.types, types))) continue
      const steps = counting.count()
      let step = steps.next()
      while (!step.done && index.revision === revision) {
        if (slice.isOver && !isLast) await slice.yield()
        if (index.revision === revision) step = steps.next()
      }
      if (step.done) return { revision, types: step.value }
    } finally {
      counting.close()
    }
  }
}

function sameTypes(a: readonly ResourceType[], b: readonly ResourceType[]): boolean {
  return a.length === b.length && a.every((type, i) => type === b[i])
}

/** Counts in an index whose keys are known. */
class Counting {
  readonly #index: ProjectIndex
  readonly #rules: readonly PolicyRule[]
  readonly #types: readonly ResourceType[]
  #spellings: KeySpellings
  /** Searches of expressions that are tested on each resource, by type and expression. */
  readonly #searches = new Map<string, StepwiseSearch>()

  constructor(
    index: ProjectIndex,
    rules: readonly PolicyRule[],
    types: readonly ResourceType[],
    spellings: KeySpellings,
  ) {
    this.#index = index
    this.#rules = rules
    this.#types = types
    this.#spellings = spellings
  }

  get isCurrent(): boolean {
    return this.#spellings.isCurrent(this.#index)
  }

  /** Does the searches that take many steps. */
  async search(slice: TimeSlice): Promise<void> {
    for (const type of this.#types) {
      if (this.#rules.some(hasPatterns)) await collectValues(this.#index, type, slice)
      for (const rule of this.#rules.filter(hasPatterns)) {
        this.#beginSearch(type, rule.key, this.#expression(type, rule, 'wrong-value'))
        if (slice.isOver) await slice.yield()
      }
      this.#beginSearch(type, '', this.#anyProblem(type))
      if (slice.isOver) await slice.yield()
    }
    for (const search of this.#searches.values()) await finish(search, slice)
  }

  /** Takes the state of this tick. */
  renew(): void {
    if (this.isCurrent) return
    this.close()
    const keys = this.#rules.map(({ key }) => key)
    this.#spellings = KeySpellings.readNow(this.#index, this.#types, keys)
  }

  /** Yields after each rule of each type. */
  *count(): Generator<undefined, readonly TypeCompliance[]> {
    const counted: TypeCompliance[] = []
    for (const type of this.#types) {
      const resources = this.#index.of(type).size
      const problems: { key: string; problem: Problem; resources: number }[] = []
      for (const rule of this.#rules) {
        for (const problem of PROBLEMS) {
          const count = this.#count(type, rule, problem)
          if (count > 0) problems.push({ key: rule.key, problem, resources: count })
        }
        yield
      }
      const isClear = problems.length === 0
      const compliant = isClear ? resources : resources - this.#found(type, '', this.#anyProblem(type))
      counted.push({ type, resources, compliant, problems })
    }
    return counted
  }

  close(): void {
    for (const search of this.#searches.values()) search.close()
    this.#searches.clear()
  }

  #count(type: ResourceType, rule: PolicyRule, problem: Problem): number {
    const ofType = this.#index.of(type)
    const others = this.#spellings.of(rule.key).filter((key) => ofType.countOf(key) > 0)
    switch (problem) {
      case 'wrong-value':
        if (hasPatterns(rule)) return this.#found(type, rule.key, this.#expression(type, rule, problem))
        return countWrongValues(ofType, rule)
      case 'wrong-case':
        if (others.length < 2) return others.length === 0 ? 0 : ofType.countOf(others[0] as string)
        break
      case 'missing':
        if (!typeTest(rule.requiredFor)(type)) return 0
        if (others.length === 0) return ofType.size - ofType.countOf(rule.key)
    }
    return ofType.count({ filter: this.#expression(type, rule, problem) })
  }

  #expression(type: ResourceType, rule: PolicyRule, problem: Problem): Expression {
    return problemExpression(rule, problem, { types: [type], spellings: this.#spellings.of(rule.key) })
  }

  #anyProblem(type: ResourceType): Expression {
    return anyProblemExpression(this.#rules, [type], this.#spellings)
  }

  #beginSearch(type: ResourceType, name: string, filter: Expression): void {
    const search = searchInSteps(this.#index.of(type), ofType({ filter }, type))
    if (search !== undefined) this.#searches.set(JSON.stringify([type, name]), search)
  }

  #found(type: ResourceType, name: string, filter: Expression): number {
    const search = this.#searches.get(JSON.stringify([type, name]))
    return search?.page(0, 0).total ?? this.#index.of(type).count(ofType({ filter }, type))
  }
}

/** Gives the expression that holds for the resources of some types that have any problem with some rules. */
export function anyProblemExpression(
  rules: readonly PolicyRule[],
  types: readonly ResourceType[],
  spellings: KeySpellings,
): Expression {
  const problems = rules.flatMap((rule) =>
    PROBLEMS.map((problem) => problemExpression(rule, problem, { types, spellings: spellings.of(rule.key) })),
  )
  const some = problems.filter((each) => each !== FALSE)
  return some.length === 0 ? FALSE : combine('or', some)
}

/** Counts the resources of a type that have the key of a rule without patterns and a value that is not allowed. */
export function countWrongValues(index: TagIndex, { key, values }: PolicyRule): number {
  if (values === undefined) return 0
  let wrong = index.countOf(key)
  // A resource has one value of a key.
  if (wrong > 0) for (const value of values) wrong -= index.countOf(key, value)
  return wrong
}

/** Whether some values of a rule stand for many. */
export function hasPatterns({ values = [] }: PolicyRule): boolean {
  return values.some((value) => value.includes('*'))
}
