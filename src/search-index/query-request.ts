import type { TagQuery } from '../core/tag-query.ts'
import type { PageShape } from './json-page.ts'

/** A page of results: skips `offset`, returns at most `limit`. */
export type Page = { readonly offset: number; readonly limit: number }

/** A query and the page of its results to return. Without a shape only the total is returned. */
export type QueryRequest = Page & { readonly query: TagQuery; readonly shape?: PageShape }

/** The total number of matches and one page of them as JSON: a view that the next call overwrites. */
export type JsonPage = { readonly total: number; readonly json: Uint8Array }

/** The total number of matches and one page of them as slots, ascending: the order of creation. */
export type SlotPage = { readonly total: number; readonly slots: Uint32Array }
