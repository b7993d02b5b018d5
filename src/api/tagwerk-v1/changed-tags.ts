import { type Static, Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import type { TagRules } from '../../core/tag.ts'
import { refuseRepeatedKey } from '../../core/tag.ts'
import type { TagChange } from '../../core/tag-change.ts'
import { type RemovalBody, toAddedTags } from '../tag-body.ts'
import { oneOf } from '../tag-query-body.ts'
import { CHANGED_TAGS_MAX, QUERY_LIMITS } from './limits.ts'

/** The members of a body that say how tags change. */
export const tagChangeMembers = {
  action: oneOf(['create', 'delete'], {
    description: '`create` adds tags or replaces their values; `delete` removes tags.',
    'x-error': 'action-unknown',
  }),
  tags: Type.Array(
    Type.Object({
      key: Type.String({
        minLength: 1,
        maxLength: QUERY_LIMITS.keyCharactersMax,
        pattern: '\\S',
        'x-error': 'tag-invalid',
        'x-rule': 'not-blank',
      }),
      value: Type.Optional(
        Type.Unsafe<string | null>({
          type: ['string', 'null'],
          maxLength: QUERY_LIMITS.valueCharactersMax,
          'x-error': 'tag-invalid',
          description: 'For `delete`: missing or null removes the tag with any value, a text that tag only.',
        }),
      ),
    }),
    { minItems: 1, maxItems: CHANGED_TAGS_MAX },
  ),
}

const members = Type.Object(tagChangeMembers)
/** How tags change. */
export type TagChangeBody = Static<typeof members>

/**
 * Converts a body to a change of a resource whose type has these rules. Throws `tag-invalid`, and `tag-key-repeated` for
 * keys that are equal after trimming.
 */
export function toTagChange({ action, tags }: TagChangeBody, rules: TagRules): TagChange {
  if (action === 'delete') return { kind: 'remove-tags', tags: toExactRemovals(tags) }
  if (tags.length > rules.tagsPerResourceMax) {
    throw invalid('tags', { name: 'items-max', limit: rules.tagsPerResourceMax }, tags, 'tag-quota-exceeded')
  }
  const added = tags.map(({ key, value }) => (value === undefined || value === null ? { key } : { key, value }))
  return { kind: 'set-tags', tags: toAddedTags(added, rules, 'tags') }
}

/** Unlike in the vendors' calls (contract D21), the empty text is the empty value. */
function toExactRemovals(tags: readonly RemovalBody[]) {
  const removals = tags.map(({ key, value }) => ({
    key: key.trim(),
    ...(value !== undefined && value !== null && { value: value.trim() }),
  }))
  refuseRepeatedKey(removals, 'tags', 'tag-key-repeated')
  return removals
}
