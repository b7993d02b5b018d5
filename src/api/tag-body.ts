import { Type } from 'typebox'
import type { ErrorCode } from '../core/errors.ts'
import { refuseRepeatedKey, type Tag, type TagTextRules, toTag } from '../core/tag.ts'

/** A tag as a body gives it to be added. */
export type TagBody = { readonly key: string; readonly value?: string }

/** A tag as a body gives it to be removed. */
export type RemovalBody = { readonly key: string; readonly value?: string | null }

/** What may be in a tag that is removed: wider than for adding, so that tags of older rules can go (contract D29). */
const REMOVED_KEY_CHARACTERS_MAX = 127
const REMOVED_VALUE_CHARACTERS_MAX = 255

/** Schema of a tag that is added. Lengths and characters are checked by `toTag`, after outer blanks are dropped. */
export function addedTag(rules: TagTextRules) {
  const key = Type.String({
    description: `1 to ${rules.keyCharactersMax} characters after outer blanks are dropped: ${rules.keyAllowed}`,
  })
  const value = Type.String({
    description: `0 to ${rules.valueCharactersMax} characters after outer blanks are dropped: ${rules.valueAllowed}`,
  })
  return Type.Unsafe<TagBody>(Type.Object({ key, value: rules.missingValueIsEmpty ? Type.Optional(value) : value }))
}

/**
 * Schema of a tag that is removed: characters are not checked (contract 2.2, 3.2). `codes` are for a key and a value that
 * break a rule.
 */
export function removedTagSchema<Code extends string = ErrorCode>(codes: {
  readonly key: NoInfer<Code>
  readonly value: NoInfer<Code>
}) {
  return Type.Object({
    key: Type.String({
      ...{ minLength: 1, maxLength: REMOVED_KEY_CHARACTERS_MAX, pattern: '\\S' },
      ...{ 'x-error': codes.key, 'x-rule': 'not-blank' },
    }),
    value: Type.Optional(
      // One schema for both types, so that what is too long is said to be that.
      Type.Unsafe<string | null>({
        ...{ type: ['string', 'null'], maxLength: REMOVED_VALUE_CHARACTERS_MAX, 'x-error': codes.value },
        description: 'Left out, null or empty: whatever the value is.',
      }),
    ),
  })
}

/** The same for services that have one code for whatever is wrong with a tag. */
export const removedTag = removedTagSchema({ key: 'tag-invalid', value: 'tag-invalid' })

/**
 * Gives the tags that a body adds, as they are kept. Throws `tag-invalid`, and `tag-key-repeated` for a key that occurs
 * twice once outer blanks are dropped.
 */
export function toAddedTags(items: readonly TagBody[], rules: TagTextRules, field: string): readonly Tag[] {
  const tags = items.map(({ key, value }, i) => toTag(key, value, rules, `${field}[${i}]`))
  refuseRepeatedKey(tags, field, 'tag-key-repeated')
  return tags
}

/**
 * Gives what a body removes, outer blanks dropped: by exact pair where a value is given (contract D21). Throws
 * `tag-key-repeated`.
 */
export function toRemovals(
  items: readonly RemovalBody[],
  field: string,
): readonly { readonly key: string; readonly value?: string }[] {
  const removals = items.map(({ key, value }) => {
    const isByKey = value === undefined || value === null || value === ''
    // A value of nothing but blanks is none that a tag can have, and does not become leave to remove any.
    return isByKey ? { key: key.trim() } : { key: key.trim(), value: value.trim() || value }
  })
  refuseRepeatedKey(removals, field, 'tag-key-repeated')
  return removals
}
