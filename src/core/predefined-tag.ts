import type { Tag } from './tag.ts'
import { compareCodePoints, foldCase } from './text.ts'

/** A predefined tag of an account. The pair of key and value identifies it (contract 5). */
export type PredefinedTag = Tag & {
  /** Milliseconds since 1970 UTC; stored and compared with a precision of one second. */
  readonly updatedAtMs: number
}

/** Maximum number of predefined tags of an account (contract 5, T4). */
export const PREDEFINED_TAGS_MAX = 500

/** The sort order of a list of predefined tags. */
export type PredefinedTagOrder = {
  readonly field: 'update_time' | 'key' | 'value'
  readonly method: 'asc' | 'desc'
}

/** Selects predefined tags by substrings of key and value, case-insensitively. */
export type PredefinedTagFilter = { readonly key?: string | undefined; readonly value?: string | undefined }

/** Rounds a time down to a whole second; both in milliseconds since 1970 UTC. */
export function toWholeSecond(timeMs: number): number {
  return Math.floor(timeMs / 1000) * 1000
}

type Compare = (a: PredefinedTag, b: PredefinedTag) => number

// Clients see whole seconds, so the order must not depend on the milliseconds.
const byTime: Compare = (a, b) => toWholeSecond(a.updatedAtMs) - toWholeSecond(b.updatedAtMs)
const byKey: Compare = (a, b) => compareCodePoints(a.key, b.key)
const byValue: Compare = (a, b) => compareCodePoints(a.value, b.value)
const newestFirst: Compare = (a, b) => byTime(b, a)

/** Comparisons by priority for each sort field: the later ones break ties (contract 5, T2). */
const ORDERS: Readonly<Record<PredefinedTagOrder['field'], readonly [Compare, Compare, Compare]>> = {
  update_time: [byTime, byKey, byValue],
  key: [byKey, newestFirst, byValue],
  value: [byValue, newestFirst, byKey],
}

/** Gives the comparison function of an order: a total order over tags and whole seconds. */
export function comparePredefinedTags({ field, method }: PredefinedTagOrder): Compare {
  const [first, second, third] = ORDERS[field]
  return (a, b) => (method === 'asc' ? first(a, b) : first(b, a)) || second(a, b) || third(a, b)
}

/** Says whether key and value contain the given substrings; `*`, `%` and `_` are ordinary characters. */
export function matchesPredefinedTag(tag: PredefinedTag, { key = '', value = '' }: PredefinedTagFilter): boolean {
  return foldCase(tag.key).includes(foldCase(key)) && foldCase(tag.value).includes(foldCase(value))
}
