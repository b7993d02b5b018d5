/** One condition: the resource has the key, with one of the values; no values means any value. */
export type TagFilter = { readonly key: string; readonly values: readonly string[] }

/**
 * A question about the resources of one type in one project. A list that is left out asks nothing; the lists that
 * are given all have to hold (contract 4.2). A family builds it from its own body and has checked its limits.
 */
export type TagQuery = {
  /** Every filter holds. */
  readonly tags?: readonly TagFilter[]
  /** At least one filter holds. */
  readonly tagsAny?: readonly TagFilter[]
  /** Not every filter holds (NAND, contract D2). */
  readonly notTags?: readonly TagFilter[]
  /** No filter holds (NOR, contract D2). */
  readonly notTagsAny?: readonly TagFilter[]
  /** True: the resource has no tag at all, and the four lists above are ignored. */
  readonly withoutAnyTag?: boolean
  /** The resource has exactly this id. */
  readonly id?: string
  /** The name contains this text anywhere; letter case and wildcards mean nothing (contract D4). */
  readonly nameContains?: string
  /** The name is exactly this text. */
  readonly nameEquals?: string
}
