import { DomainError, invalid, unknownMember } from '../../core/errors.ts'
import { refuseRepeatedKey, type Tag, type TagRules, toTag } from '../../core/tag.ts'
import { type TagBody, toAddedTags } from '../tag-body.ts'
import { isObject, toObject, toText } from './line-members.ts'

const MEMBERS = ['key', 'value']
/** The names that AWS gives them. */
const AWS_MEMBERS = ['Key', 'Value']

/** A tag that breaks a rule and was left out of its resource. */
export type DroppedTag = TagBody & { readonly error: DomainError<string> }

/**
 * Reads the tags of a line: an array of `{"key", "value"}` or `{"Key", "Value"}`, or an object with a member for each tag.
 * Whether a value may be missing depends on the profile (D7). Throws `tag-quota-exceeded` for too many tags. With
 * `dropped`, adds each tag that breaks a rule to that list, and those beyond the limit on tags, instead of throwing.
 */
export function toLineTags(value: unknown, rules: TagRules, dropped?: DroppedTag[]): readonly Tag[] {
  const tags = toTagBodies(value)
  if (dropped !== undefined) return toGoodTags(tags, rules, dropped)
  if (tags.length > rules.tagsPerResourceMax) throw quotaExceeded(rules, value)
  return toAddedTags(tags, rules, 'tags')
}

function toGoodTags(items: readonly TagBody[], rules: TagRules, dropped: DroppedTag[]): readonly Tag[] {
  const tags: Tag[] = []
  for (const [i, item] of items.entries()) {
    try {
      const tag = toTag(item.key, item.value, rules, 'tags', i)
      refuseRepeatedKey([...tags, tag], 'tags', 'tag-key-repeated')
      if (tags.length === rules.tagsPerResourceMax) throw quotaExceeded(rules, items)
      tags.push(tag)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      dropped.push({ ...item, error })
    }
  }
  return tags
}

function quotaExceeded({ tagsPerResourceMax: limit }: TagRules, value: unknown): DomainError {
  return invalid('tags', { name: 'items-max', limit }, value, 'tag-quota-exceeded')
}

function toTagBodies(value: unknown): readonly TagBody[] {
  if (value === undefined) return []
  if (Array.isArray(value)) return value.map(toTagBody)
  if (typeof value !== 'object' || value === null) {
    throw invalid('tags', { name: 'type', expected: 'an array or an object' }, value)
  }
  return Object.entries(value).map(([key, text], i) => withValue(key, text, i, 'value'))
}

function toTagBody(item: unknown, index: number): TagBody {
  const tag = isObject(item) ? item : toObject(item, `tags[${index}]`)
  const names = 'Key' in tag || 'Value' in tag ? AWS_MEMBERS : MEMBERS
  for (const name in tag) if (!names.includes(name)) throw unknownMember(`tags[${index}].${name}`, name, names)
  const [keyName = '', valueName = ''] = names
  const key = tag[keyName]
  return withValue(
    typeof key === 'string' ? key : toText(key, `tags[${index}].${keyName}`),
    tag[valueName],
    index,
    valueName,
  )
}

// The paths are made on an error only: an import reads millions of tags.
function withValue(key: string, value: unknown, index: number, name: string): TagBody {
  if (value === undefined || value === null) return { key }
  return { key, value: typeof value === 'string' ? value : toText(value, `tags[${index}].${name}`) }
}
