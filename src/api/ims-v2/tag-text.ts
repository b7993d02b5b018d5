import { invalid } from '../../core/errors.ts'
import { indexOfRepeatedKey, type Tag, type TagRules, toTag } from '../../core/tag.ts'
import type { TagFilter } from '../../core/tag-query.ts'
import { countCodePoints } from '../../core/text.ts'
import { IMS_QUERY_LIMITS, TAG_TEXT_CHARACTERS_MAX } from './limits.ts'

/** A tag as one text: `key=value`, or `key` when the value is empty (contract D13). */
export function tagToText({ key, value }: Tag): string {
  return value === '' ? key : `${key}=${value}`
}

/** Splits a string at the first separator; a missing part is empty. */
function splitAt(text: string, separator: string): Tag {
  const at = text.indexOf(separator)
  return at === -1 ? { key: text, value: '' } : { key: text.slice(0, at), value: text.slice(at + 1) }
}

/** Splits `key=value` or `key` without validating them (contract D13). */
export function splitTagText(text: string): Tag {
  return splitAt(text, '=')
}

/** Parses `key.value` or `key`, the notation of the vendor's first API (contract 2.2). Throws `tag-invalid`. */
export function dottedTextToTag(text: string, rules: TagRules, field: string): Tag {
  const { key, value } = splitAt(text, '.')
  return toTag(key, value, rules, field)
}

/** Parses a list of `key=value` or `key`. Throws `tag-invalid`, and `tag-key-repeated` for a duplicate key. */
export function textsToTags(texts: readonly string[], rules: TagRules, field: string): readonly Tag[] {
  return toTags(texts, rules, field, splitTagText)
}

/** Parses a list of `key.value`, `key=value` or `key`. A "=" takes precedence over a dot. */
export function eitherTextsToTags(texts: readonly string[], rules: TagRules, field: string): readonly Tag[] {
  return toTags(texts, rules, field, (text) => splitAt(text, text.includes('=') ? '=' : '.'))
}

function toTags(
  texts: readonly string[],
  rules: TagRules,
  field: string,
  split: (text: string) => Tag,
): readonly Tag[] {
  const tags = texts.map((text, i) => {
    checkLength(text, TAG_TEXT_CHARACTERS_MAX, `${field}[${i}]`)
    const { key, value } = split(text)
    return toTag(key, value, rules, `${field}[${i}]`)
  })
  const repeated = indexOfRepeatedKey(tags)
  if (repeated !== undefined) {
    const key = tags[repeated]?.key ?? ''
    const first = texts[tags.findIndex((tag) => tag.key === key)] ?? ''
    throw invalid(`${field}[${repeated}]`, { name: 'unique-key', key, first }, texts[repeated], 'tag-key-repeated')
  }
  return tags
}

/** Parses the `tag` filter of an image list: an exact pair (contract D13). Throws `tag-invalid`. */
export function textToFilter(text: string, field: string): TagFilter {
  const { key, value } = splitTagText(text)
  if (key.trim() === '') throw invalid(field, { name: 'not-blank' }, text, 'tag-invalid')
  checkLength(key, IMS_QUERY_LIMITS.keyCharactersMax, `${field}.key`)
  checkLength(value, IMS_QUERY_LIMITS.valueCharactersMax, `${field}.value`)
  return { key, values: [value] }
}

function checkLength(text: string, limit: number, field: string): void {
  const actual = countCodePoints(text)
  if (actual > limit) throw invalid(field, { name: 'characters-max', limit, actual }, text, 'tag-invalid')
}
