import { CompiledPolicy } from '../core/policy/compiled-policy.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { ChangeRules } from '../core/tag.ts'
import type { DecisionRules } from '../core/tag-change.ts'
import type { TagPolicyStore } from '../store/tag-policy-store.ts'

/** What reads the policy of a project. */
export type PolicyReads = Pick<TagPolicyStore, 'getEffectivePolicy'>

/**
 * Gives the rules of types with what the tag policies of a project say now. For decisions that are only shown: a commit
 * reads the policy itself, under the lock of the project.
 */
export async function withPolicy<R extends ChangeRules>(
  store: PolicyReads,
  project: string,
  rulesOf: (type: ResourceType) => R,
): Promise<(type: ResourceType) => R & DecisionRules> {
  const effective = await store.getEffectivePolicy(project)
  if (effective.rules.length === 0) return rulesOf
  const compiled = new CompiledPolicy(effective)
  const byType = new Map<ResourceType, R & DecisionRules>()
  return (type) => {
    const known = byType.get(type) ?? { ...rulesOf(type), policy: compiled.forType(type) }
    byType.set(type, known)
    return known
  }
}
