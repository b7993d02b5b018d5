import type { ResourceType } from '../core/resource-types.ts'
import type { TagQuery } from '../core/tag-query.ts'
import type { FoundResource } from './page-search.ts'

/** A position in a walk over all matches: the last resource of a page. */
export type Cursor = {
  readonly type: ResourceType
  readonly sequence: number
  /** At this revision, that many matches of the type were on the pages so far: the next page need not count them. */
  readonly revision: number
  readonly offset: number
}

/** Counts of the values of a key, or of the keys, among the resources that match a query. */
export type FacetRequest = {
  readonly query: TagQuery
  /** Undefined: counts the keys. */
  readonly key: string | undefined
  /** Undefined: lists all values or keys, in no order. */
  readonly limit: number | undefined
}

/** A value or a key, and the number of resources that have it. */
export type FacetCount = { readonly text: string; readonly count: number }

export type Facet = {
  /** Resources that match the query of the facet. */
  readonly total: number
  /** Those of them that have the key; of a facet of keys, those that have any. */
  readonly withKey: number
  /** The most frequent values or keys, ties by code point. */
  readonly counts: readonly FacetCount[]
  /** Values or keys that are not listed. */
  readonly more: number
}

export type CombinedRequest = {
  readonly query: TagQuery
  readonly limit: number
  readonly after: Cursor | undefined
  readonly facets: readonly FacetRequest[]
  /** Queries whose matches are only counted. */
  readonly counted: readonly TagQuery[]
}

export type CombinedResult = {
  readonly revision: number
  readonly totals: ReadonlyMap<ResourceType, number>
  readonly resources: readonly FoundResource[]
  /** Where the next page begins; undefined after the last. */
  readonly next: Cursor | undefined
  /** The position of the last resource of the page; undefined for an empty one. */
  readonly last: Cursor | undefined
  readonly facets: readonly Facet[]
  readonly counts: readonly number[]
}
