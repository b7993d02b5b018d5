import { CompiledPolicy } from '../../../src/core/policy/compiled-policy.ts'
import { type EffectivePolicy, mergePolicies } from '../../../src/core/policy/effective-policy.ts'
import { parsePolicy } from '../../../src/core/policy/parse-policy.ts'
import type { TagPolicy } from '../../../src/core/policy/tag-policy.ts'
import { ResourceTypes } from '../../../src/core/resource-types.ts'
import type { Tag } from '../../../src/core/tag.ts'

/** A policy with the given `tags`. */
export function policyOf(tags: Readonly<Record<string, unknown>>): TagPolicy {
  return parsePolicy({ tags }, ResourceTypes.builtIn).policy
}

/** What applies with one policy of the domain that has the given `tags`. */
export function effectiveOf(tags: Readonly<Record<string, unknown>>): EffectivePolicy {
  return mergePolicies([{ name: 'only', policy: policyOf(tags) }], []).effective
}

export function compiled(tags: Readonly<Record<string, unknown>>): CompiledPolicy {
  return new CompiledPolicy(effectiveOf(tags))
}

/** Tags of a text such as `env=prod team=web`. */
export function tagsOf(text: string): readonly Tag[] {
  return text.split(' ').flatMap((pair) => {
    const [key = '', value = ''] = pair.split('=')
    return key === '' ? [] : [{ key, value }]
  })
}
