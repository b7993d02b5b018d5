import { Type } from 'typebox'
import type { ErrorCode } from '../core/errors.ts'
import { refuseRepeatedKey, type Tag, type TagTextRules, toTag } from '../core/tag.ts'
import type { TagChange } from '../core/tag-change.ts'
import { oneOf } from './tag-query-body.ts'

/** A tag to add, as in a request body. */
export type TagBody = { readonly key: string; readonly value?: string }

/** A tag to remove, as in a request body. */
export type RemovalBody = { readonly key: string; readonly value?: string | null }

/**
 * Limits of tags to remove. Wider than for adding, so that tags added under older rules can be removed (contract D29).
 */
const REMOVED_KEY_CHARACTERS_MAX = 127
const REMOVED_VALUE_CHARACTERS_MAX = 255

/** Schema of a tag to add. `toTag` checks lengths and characters, after trimming. */
export function addedTag(rules: TagTextRules) {
  const key = Type.String({
    description: `1 to ${rules.keyCharactersMax} characters after trimming: ${rules.keyAllowed}`,
  })
  const value = Type.String({
    description: `0 to ${rules.valueCharactersMax} characters after trimming: ${rules.valueAllowed}`,
  })
  return Type.Unsafe<TagBody>(Type.Object({ key, value: rules.missingValueIsEmpty ? Type.Optional(value) : value }))
}

/**
 * Schema of a tag to remove. Characters are not checked (contract 2.2, 3.2). `codes` are the error codes for an invalid
 * key and an invalid value.
 */
export function removedTagSchema<Code extends string = ErrorCode>(codes: {
  readonly key: NoInfer<Code>
  readonly value: NoInfer<Code>
}) {
  return Type.Object({
    key: Type.String({
      minLength: 1,
      maxLength: REMOVED_KEY_CHARACTERS_MAX,
      pattern: '\\S',
      'x-error': codes.key,
      'x-rule': 'not-blank',
    }),
    value: Type.Optional(
      // One schema instead of a union of two, so that the error for a long value names its length.
      Type.Unsafe<string | null>({
        type: ['string', 'null'],
        maxLength: REMOVED_VALUE_CHARACTERS_MAX,
        'x-error': codes.value,
        description: 'If missing, null or empty: removes the tag with any value.',
      }),
    ),
  })
}

/** The same, for services with one error code for tags. */
export const removedTag = removedTagSchema({ key: 'tag-invalid', value: 'tag-invalid' })

/**
 * Validates and trims tags to add. Throws `tag-invalid`, and `tag-key-repeated` for keys that are equal after trimming.
 */
export function toAddedTags(items: readonly TagBody[], rules: TagTextRules, field: string): readonly Tag[] {
  const tags = items.map(({ key, value }, i) => toTag(key, value, rules, field, i))
  refuseRepeatedKey(tags, field, 'tag-key-repeated')
  return tags
}

/**
 * Converts tags to remove, trimmed: by exact pair if a value is given, otherwise by key (contract D21). Throws
 * `tag-key-repeated`.
 */
export function toRemovals(
  items: readonly RemovalBody[],
  field: string,
): readonly { readonly key: string; readonly value?: string }[] {
  const removals = items.map(({ key, value }) => {
    const isByKey = value === undefined || value === null || value === ''
    // A blank value matches no tag, but trimmed to the empty string it would match every value.
    return isByKey ? { key: key.trim() } : { key: key.trim(), value: value.trim() || value }
  })
  refuseRepeatedKey(removals, field, 'tag-key-repeated')
  return removals
}

/** Tags to add or to remove, as in a request body with an action. */
export type BatchBody =
  | { readonly action: 'create'; readonly tags: readonly TagBody[] }
  | { readonly action: 'delete'; readonly tags: readonly RemovalBody[] }

/** The rules of a tag depend on the action. For an unknown action only the action is reported, not its tags. */
export function batchBody(rules: TagTextRules) {
  const tags = (item: object) => ({ properties: { tags: { type: 'array', minItems: 1, items: item } } })
  const isAction = (action: string) => ({ required: ['action'], properties: { action: { const: action } } })
  return Type.Unsafe<BatchBody>({
    ...Type.Object({
      action: oneOf(['create', 'delete'], { 'x-error': 'action-unknown' }),
      tags: Type.Array(Type.Object({}, { additionalProperties: true }), { minItems: 1 }),
    }),
    if: isAction('create'),
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: tags(addedTag(rules)),
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    else: { if: isAction('delete'), then: tags(removedTag) },
  })
}

/** The change that a body with an action asks for. Throws the errors of `toAddedTags` and `toRemovals`. */
export function toBatchChange(body: BatchBody, rules: TagTextRules): TagChange {
  return body.action === 'create'
    ? { kind: 'set-tags', tags: toAddedTags(body.tags, rules, 'tags') }
    : { kind: 'remove-tags', tags: toRemovals(body.tags, 'tags') }
}
