import type { Tag } from './tag.ts'
import { compareCodePoints, foldCase } from './text.ts'

/** A tag that an account keeps ready for use. The pair of key and value is its identity (contract 5). */
export type PredefinedTag = Tag & {
  /** Milliseconds since 1970 UTC; kept, and compared, as whole seconds. */
  readonly updatedAtMs: number
}

/** How many predefined tags an account may have (contract 5, T4). */
export const PREDEFINED_TAGS_MAX = 500

/** In which order predefined tags are listed. */
export type PredefinedTagOrder = {
  readonly field: 'update_time' | 'key' | 'value'
  readonly method: 'asc' | 'desc'
}

/** Which predefined tags are meant: parts of key and value, letter case aside. */
export type PredefinedTagFilter = { readonly key?: string | undefined; readonly value?: string | undefined }

/** Gives the whole second that a time is in. Milliseconds since 1970 UTC, as is the time. */
export function toWholeSecond(timeMs: number): number {
  return Math.floor(timeMs / 1000) * 1000
}

type Compare = (a: PredefinedTag, b: PredefinedTag) => number

// Callers see seconds: what looks alike to them must not differ in what they cannot see.
const byTime: Compare = (a, b) => toWholeSecond(a.updatedAtMs) - toWholeSecond(b.updatedAtMs)
const byKey: Compare = (a, b) => compareCodePoints(a.key, b.key)
const byValue: Compare = (a, b) => compareCodePoints(a.value, b.value)
const newestFirst: Compare = (a, b) => byTime(b, a)

/** What decides between two tags that are alike in the field asked for (contract 5, T2). */
const ORDERS: Readonly<Record<PredefinedTagOrder['field'], readonly [Compare, Compare, Compare]>> = {
  update_time: [byTime, byKey, byValue],
  key: [byKey, newestFirst, byValue],
  value: [byValue, newestFirst, byKey],
}

/** Gives the comparison of an order. It is total: only the same tag of the same second compares as equal. */
export function comparePredefinedTags({ field, method }: PredefinedTagOrder): Compare {
  const [first, second, third] = ORDERS[field]
  return (a, b) => (method === 'asc' ? first(a, b) : first(b, a)) || second(a, b) || third(a, b)
}

/** Says whether key and value hold the texts asked for; `*`, `%` and `_` mean themselves. */
export function matchesPredefinedTag(tag: PredefinedTag, { key = '', value = '' }: PredefinedTagFilter): boolean {
  return foldCase(tag.key).includes(foldCase(key)) && foldCase(tag.value).includes(foldCase(value))
}
