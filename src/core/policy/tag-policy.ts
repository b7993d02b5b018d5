// Tag policies in the form of AWS Organizations and Huawei Cloud Organizations, after their texts were checked.

/** How a setting changes what it inherits. */
export type Operator = '@@assign' | '@@append' | '@@remove'
export const OPERATORS: readonly Operator[] = ['@@assign', '@@append', '@@remove']

/** Members of a block that hold a list. */
export type ListMember = 'tag_value' | 'enforced_for' | 'report_required_tag_for'
export const LIST_MEMBERS: readonly ListMember[] = ['tag_value', 'enforced_for', 'report_required_tag_for']

/** What a policy says about a list. `allowed`: the operators that policies of projects may use on it, by default all. */
export type ListSetting = {
  readonly assign?: readonly string[]
  readonly append?: readonly string[]
  readonly remove?: readonly string[]
  readonly allowed?: readonly Operator[]
}

/** What a policy says about a single value, which can only be assigned. */
export type ValueSetting<T extends string | boolean> = { readonly assign?: T; readonly allowed?: readonly Operator[] }

/** What a policy says about one key. Types in lists are those of `TypeSelector`. */
export type PolicyBlock = {
  /** The key in lower case. */
  readonly fold: string
  /** The spelling of the key. */
  readonly tag_key?: ValueSetting<string>
  readonly tag_value?: ListSetting
  readonly enforced_for?: ListSetting
  readonly report_required_tag_for?: ListSetting
  readonly required_on_create?: ValueSetting<boolean>
  /** The operators that policies of projects may use in this block. */
  readonly allowed?: readonly Operator[]
}

/** A policy whose text was checked, with the types that it names resolved. Can be stored as JSON. */
export type TagPolicy = {
  readonly blocks: readonly PolicyBlock[]
  /** The operators that policies of projects may use at all. */
  readonly allowed?: readonly Operator[]
}

/** Limits of one policy. AWS stops at 10,000 characters. */
export const POLICY_LIMITS = { bytes: 102_400, keyCharacters: 128, valueCharacters: 256 } as const

/** Keys that differ in case alone are one key of a policy. */
export function foldKeyCase(key: string): string {
  return key.toLowerCase()
}
