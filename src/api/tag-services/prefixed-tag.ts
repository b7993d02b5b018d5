import { Type } from 'typebox'
import { DomainError } from '../../core/errors.ts'
import type { Tag, TagTextRules } from '../../core/tag.ts'
import { addedTag, toAddedTags } from '../tag-body.ts'

/** A tag in the services whose members are `tag_key` and `tag_value` [NS: IAM v5, IoTDA]. */
export type PrefixedTag = { readonly tag_key: string; readonly tag_value?: string }

/** Schema of such a tag in an answer. */
export const prefixedTag = Type.Object({ tag_key: Type.String(), tag_value: Type.String() })

/** Schema of such a tag to add. */
export function addedPrefixedTag(rules: TagTextRules) {
  const { properties } = addedTag(rules) as unknown as { properties: { key: object; value: object } }
  const required = rules.missingValueIsEmpty ? ['tag_key'] : ['tag_key', 'tag_value']
  return Type.Unsafe<PrefixedTag>({
    type: 'object',
    required,
    properties: { tag_key: properties.key, tag_value: properties.value },
  })
}

/** Validates and trims such tags. Throws the errors of `toAddedTags`, which name the members of the request. */
export function toAddedPrefixedTags(items: readonly PrefixedTag[], rules: TagTextRules, field: string): readonly Tag[] {
  const plain = items.map(({ tag_key: key, tag_value: value }) => ({ key, ...(value !== undefined && { value }) }))
  try {
    return toAddedTags(plain, rules, field)
  } catch (error) {
    if (!(error instanceof DomainError) || error.facts.field === undefined) throw error
    throw new DomainError(error.code, {
      ...error.facts,
      field: error.facts.field.replace(/\.(key|value)$/, '.tag_$1'),
    })
  }
}

/** The form of tags in an answer. */
export function toPrefixed(tags: readonly Tag[]) {
  return tags.map(({ key, value }) => ({ tag_key: key, tag_value: value }))
}
