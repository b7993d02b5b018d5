import { DomainError } from '../../core/errors.ts'
import type { PolicyWarning } from '../../core/policy/parse-policy.ts'
import type { PolicyBlock, TagPolicy } from '../../core/policy/tag-policy.ts'
import type { Profile } from '../../core/profile.ts'
import type { ResourceType } from '../../core/resource-types.ts'
import { type TagTextRules, toTag } from '../../core/tag.ts'
import { describeFacts } from '../error-text.ts'

/** Warns of keys and values that resources of the types a policy is enforced for cannot have by the rules of the cloud. */
export function policyFitWarnings(policy: TagPolicy, profile: Profile): readonly PolicyWarning[] {
  return policy.blocks.flatMap((block) => {
    const enforced = [...(block.enforced_for?.assign ?? []), ...(block.enforced_for?.append ?? [])]
    const types = enforced.flatMap((name) => profile.types.registered(name) ?? [])
    // Most types share their rules: the first type of each kind is named.
    const byRules = new Map<TagTextRules['keyPattern'], ResourceType>()
    for (const type of types.toReversed()) byRules.set(profile.tagRulesOf(type).keyPattern, type)
    return Array.from(byRules.values(), (type) => warningOf(block, type, profile)).filter((each) => each !== undefined)
  })
}

/** The first text of a block that resources of a type cannot have. */
function warningOf(
  { fold, tag_key, tag_value }: PolicyBlock,
  type: ResourceType,
  profile: Profile,
): PolicyWarning | undefined {
  const key = tag_key?.assign ?? fold
  const field = `tags.${fold}`
  try {
    const values = [...(tag_value?.assign ?? []), ...(tag_value?.append ?? [])]
    // A `*` stands for characters that a resource may have.
    for (const value of ['', ...values]) toTag(key, value.replace('*', ''), profile.tagRulesOf(type), field)
    return undefined
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const why = describeFacts(error.facts, 'en-us')
    return { field, message: `No resource of the type ${type} can have this tag: ${why}` }
  }
}
