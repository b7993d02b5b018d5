import type { Facts } from '../errors.ts'
import type { Tag } from '../tag.ts'
import type { TypePolicy } from './compiled-policy.ts'
import type { PolicyRule } from './effective-policy.ts'
import type { Problem } from './judge-resource.ts'
import { foldKeyCase } from './tag-policy.ts'

/** A tag that a change may not set, or a key that a new resource lacks. */
export type Violation = {
  readonly rule: PolicyRule
  readonly problem: Problem
  /** The key as the change writes it; that of the rule if it is missing. */
  readonly key: string
  /** The value that the change sets; undefined if the key is missing. */
  readonly value: string | undefined
}

/**
 * Gives what a change violates. `before` are the tags of the resource, undefined if it is new; `after` are those that the
 * change would give it. What the change leaves as it was is no violation, and neither is what it removes.
 */
export function violationsOf(
  policy: TypePolicy,
  before: readonly Tag[] | undefined,
  after: readonly Tag[],
): readonly Violation[] {
  const violations: Violation[] = []
  for (const { key, value } of after) {
    const found = policy.enforced.get(foldKeyCase(key))
    if (found === undefined) continue
    const problem = key !== found.rule.key ? 'wrong-case' : found.allows(value) ? undefined : 'wrong-value'
    if (problem === undefined || before?.some((tag) => tag.key === key && tag.value === value)) continue
    violations.push({ rule: found.rule, problem, key, value })
  }
  if (before !== undefined || policy.requiredOnCreate.length === 0) return violations
  const keys = new Set(after.map(({ key }) => foldKeyCase(key)))
  for (const { rule } of policy.requiredOnCreate) {
    if (keys.has(foldKeyCase(rule.key))) continue
    violations.push({ rule, problem: 'missing', key: rule.key, value: undefined })
  }
  return violations
}

/** The facts of a violation, for the error. */
export function violationFacts({ rule, problem, key, value }: Violation): Facts {
  const field = `tags.${key}`
  if (problem === 'missing') return { field, rule: { name: 'policy-requires' } }
  if (problem === 'wrong-case') return { field, rule: { name: 'policy-spells', key: rule.key }, value: key }
  // A rule without values allows each.
  return { field, rule: { name: 'policy-allows', values: rule.values as readonly string[] }, value }
}
