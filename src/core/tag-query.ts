import type { Expression } from './expression/expression.ts'

/** A condition on one key: the resource has a tag with this key and one of the values; an empty list allows any value. */
export type TagFilter = { readonly key: string; readonly values: readonly string[] }

/**
 * A query for resources of one type in one project: a conjunction of the conditions that are given (contract 4.2).
 * Limits on its size are validated by the API family that builds it.
 */
export type TagQuery = {
  /** All filters match (AND). */
  readonly tags?: readonly TagFilter[]
  /** At least one filter matches (OR). */
  readonly tagsAny?: readonly TagFilter[]
  /** Not all filters match (NAND, contract D2). */
  readonly notTags?: readonly TagFilter[]
  /** No filter matches (NOR, contract D2). */
  readonly notTagsAny?: readonly TagFilter[]
  /** True: the resource has no tags, and the four lists above are ignored. */
  readonly withoutAnyTag?: boolean
  /** The id equals this text. */
  readonly id?: string
  /** The name contains this text, case-insensitively; there are no wildcards (contract D4). */
  readonly nameContains?: string
  /** The name equals this text. */
  readonly nameEquals?: string
  /** The expression holds. */
  readonly filter?: Expression
}
