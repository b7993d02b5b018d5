import { invalid, unknownMember } from '../../core/errors.ts'
import type { Tag, TagRules } from '../../core/tag.ts'
import { type TagBody, toAddedTags } from '../tag-body.ts'
import { toObject, toText } from './line-members.ts'

const MEMBERS = ['key', 'value']
/** The names that AWS gives them. */
const AWS_MEMBERS = ['Key', 'Value']

/**
 * Reads the tags of a line: an array of `{"key", "value"}` or `{"Key", "Value"}`, or an object with a member for each tag.
 * Whether a value may be missing depends on the profile (D7). Throws `tag-quota-exceeded` for too many tags.
 */
export function toLineTags(value: unknown, rules: TagRules): readonly Tag[] {
  const tags = toTagBodies(value)
  if (tags.length > rules.tagsPerResourceMax) {
    const rule = { name: 'items-max', limit: rules.tagsPerResourceMax } as const
    throw invalid('tags', rule, value, 'tag-quota-exceeded')
  }
  return toAddedTags(tags, rules, 'tags')
}

function toTagBodies(value: unknown): readonly TagBody[] {
  if (value === undefined) return []
  if (Array.isArray(value)) return value.map((item, i) => toTagBody(item, `tags[${i}]`))
  if (typeof value !== 'object' || value === null) {
    throw invalid('tags', { name: 'type', expected: 'an array or an object' }, value)
  }
  return Object.entries(value).map(([key, text], i) => withValue(key, text, `tags[${i}].value`))
}

function toTagBody(item: unknown, field: string): TagBody {
  const tag = toObject(item, field)
  const names = 'Key' in tag || 'Value' in tag ? AWS_MEMBERS : MEMBERS
  for (const name in tag) if (!names.includes(name)) throw unknownMember(`${field}.${name}`, name, names)
  const [key = '', value = ''] = names
  return withValue(toText(tag[key], `${field}.${key}`), tag[value], `${field}.${value}`)
}

function withValue(key: string, value: unknown, field: string): TagBody {
  return value === undefined || value === null ? { key } : { key, value: toText(value, field) }
}
