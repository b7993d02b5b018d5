import type { PredefinedTagStore } from '../../store/predefined-tag-store.ts'
import type { TagPolicyStore } from '../../store/tag-policy-store.ts'

/** Where spellings are looked up: of keys, or of the values of a key. */
export type SpellingsOf = { readonly projectId: string; readonly domainId: string; readonly key: string | undefined }

/** Gives the spellings that a source of rules prefers to others. */
export type PreferredSpellings = (of: SpellingsOf) => Promise<ReadonlySet<string>>

/** Prefers the keys and values of the predefined tags of the domain. */
export function predefinedSpellings(tags: Pick<PredefinedTagStore, 'listPredefinedTags'>): PreferredSpellings {
  return async ({ domainId, key }) => {
    const all = await tags.listPredefinedTags(domainId)
    if (key === undefined) return new Set(all.map((tag) => tag.key))
    return new Set(all.filter((tag) => tag.key === key).map(({ value }) => value))
  }
}

/** Prefers the keys and values that the tag policies of the project ask for. */
export function policySpellings(policies: Pick<TagPolicyStore, 'getEffectivePolicy'>): PreferredSpellings {
  return async ({ projectId, key }) => {
    const { rules } = await policies.getEffectivePolicy(projectId)
    if (key === undefined) return new Set(rules.map((rule) => rule.key))
    // A pattern is no spelling.
    const values = rules.find((rule) => rule.key === key)?.values ?? []
    return new Set(values.filter((value) => !value.includes('*')))
  }
}
