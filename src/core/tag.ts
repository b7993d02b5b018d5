import { charactersRule, type ErrorCode, invalid, type Rule } from './errors.ts'
import type { ProjectQuota } from './project-quota.ts'
import { countCodePoints } from './text.ts'
import { isBlank } from './visible-text.ts'

/** A tag of a resource. A resource has at most one value per key; keys and values are case-sensitive. */
export type Tag = { readonly key: string; readonly value: string }

/** Limits that depend on the current tags of a resource, so that `decide` checks them inside the transaction. */
export type ChangeRules = {
  readonly tagsPerResourceMax: number
  /** The quota of the project; undefined for none. */
  readonly quota?: ProjectQuota | undefined
}

/** Limits on the text of one tag, checked by `toTag` when a request is parsed. Lengths are in Unicode code points. */
export type TagTextRules = {
  readonly keyCharactersMax: number
  readonly valueCharactersMax: number
  /** Matches keys of allowed characters only. */
  readonly keyPattern: RegExp
  readonly keyAllowed: string
  /** Matches values of allowed characters only, including the empty value. */
  readonly valuePattern: RegExp
  readonly valueAllowed: string
  /** True: a missing value defaults to the empty one; false: it is refused. */
  readonly missingValueIsEmpty: boolean
  /** True: a call that takes a key alone also takes `key=value`; false: it is refused. */
  readonly keyMayHoldPair: boolean
}

/** All rules for tags that are added to resources of one type under one profile. */
export type TagRules = TagTextRules & ChangeRules

/**
 * Normalizes and validates a tag: trims key and value, then checks lengths and characters (S4 and contract D5, D6, D7).
 * Throws `tag-invalid` with the path `field.key` or `field.value`, and `request-invalid` for a missing value unless the
 * rules default it to the empty one. `index`: the tag is this item of `field`.
 */
export function toTag(key: string, value: string | undefined, rules: TagTextRules, field: string, index?: number): Tag {
  // Paths are made on an error only: an import reads millions of tags.
  if (value === undefined && !rules.missingValueIsEmpty)
    throw invalid(pathOf(field, index, 'value'), { name: 'required' })
  const tag = { key: key.trim(), value: value?.trim() ?? '' }
  if (isBlank(tag.key)) throw invalid(pathOf(field, index, 'key'), { name: 'not-blank' }, key, 'tag-invalid')
  const keyRule = ruleBrokenBy(tag.key, rules.keyCharactersMax, rules.keyPattern, rules.keyAllowed)
  if (keyRule !== undefined) throw invalid(pathOf(field, index, 'key'), keyRule, tag.key, 'tag-invalid')
  const valueRule = ruleBrokenBy(tag.value, rules.valueCharactersMax, rules.valuePattern, rules.valueAllowed)
  if (valueRule !== undefined) throw invalid(pathOf(field, index, 'value'), valueRule, tag.value, 'tag-invalid')
  return tag
}

function pathOf(field: string, index: number | undefined, member: string): string {
  return index === undefined ? `${field}.${member}` : `${field}[${index}].${member}`
}

function ruleBrokenBy(text: string, limit: number, pattern: RegExp, allowed: string): Rule | undefined {
  const actual = countCodePoints(text)
  if (actual > limit) return { name: 'characters-max', limit, actual }
  return pattern.test(text) ? undefined : charactersRule(text, pattern, allowed)
}

/** Up to so many items are compared with each other: a set takes more time, and memory for each resource. */
const COMPARED_ITEMS_MAX = 16

/** Gives the index of the first item that repeats the key of an earlier one; undefined when all keys differ. */
export function indexOfRepeatedKey(items: readonly { readonly key: string }[]): number | undefined {
  if (items.length <= COMPARED_ITEMS_MAX) return indexOfComparedKey(items)
  const seen = new Set<string>()
  for (const [index, item] of items.entries()) {
    if (seen.has(item.key)) return index
    seen.add(item.key)
  }
  return undefined
}

function indexOfComparedKey(items: readonly { readonly key: string }[]): number | undefined {
  for (let index = 1; index < items.length; index++) {
    const { key } = items[index] as { readonly key: string }
    for (let earlier = 0; earlier < index; earlier++)
      if ((items[earlier] as { readonly key: string }).key === key) return index
  }
  return undefined
}

/** Throws `code` for the first item that repeats the key of an earlier one, with its path in `field`. */
export function refuseRepeatedKey(items: readonly { readonly key: string }[], field: string, code: ErrorCode): void {
  const index = indexOfRepeatedKey(items)
  if (index !== undefined) throw invalid(`${field}[${index}].key`, { name: 'unique' }, items[index]?.key, code)
}
