import type { ResourceType } from '../resource-types.ts'
import type { Tag } from '../tag.ts'
import type { EffectivePolicy } from './effective-policy.ts'
import { typeTest } from './policy-types.ts'
import { foldKeyCase } from './tag-policy.ts'

/** How a resource does not comply with a rule. One resource can have the key in a wrong case and with a wrong value. */
export type Problem = 'missing' | 'wrong-value' | 'wrong-case'
export const PROBLEMS: readonly Problem[] = ['missing', 'wrong-value', 'wrong-case']

/** A problem of a resource with the rule of a key. */
export type ResourceProblem = { readonly key: string; readonly problem: Problem }

/**
 * Gives the problems of a resource, in the order of the rules. The reference implementation of compliance:
 * - `wrong-case`: it has the key in another case;
 * - `wrong-value`: it has the key, with a value that is not allowed;
 * - `missing`: it has the key in no case, and its type is one of those that must have it.
 */
export function problemsOfResource(
  { rules }: EffectivePolicy,
  type: ResourceType,
  tags: readonly Tag[],
): readonly ResourceProblem[] {
  const problems: ResourceProblem[] = []
  for (const { key, values, requiredFor } of rules) {
    const same = tags.filter((tag) => foldKeyCase(tag.key) === foldKeyCase(key))
    if (same.length === 0 && typeTest(requiredFor)(type)) problems.push({ key, problem: 'missing' })
    if (same.some((tag) => tag.key === key && !isAllowed(tag.value, values))) {
      problems.push({ key, problem: 'wrong-value' })
    }
    if (same.some((tag) => tag.key !== key)) problems.push({ key, problem: 'wrong-case' })
  }
  return problems
}

function isAllowed(value: string, allowed: readonly string[] | undefined): boolean {
  return allowed === undefined || allowed.some((pattern) => matchesPattern(value, pattern))
}

/** Tries every text that the `*` of a pattern can stand for. */
function matchesPattern(value: string, pattern: string): boolean {
  if (!pattern.includes('*')) return value === pattern
  for (let start = 0; start <= value.length; start++) {
    for (let end = start; end <= value.length; end++) {
      if (pattern.replace('*', () => value.slice(start, end)) === value) return true
    }
  }
  return false
}
