import { type TProperties, Type } from 'typebox'
import { compareCodePoints } from '../../core/text.ts'
import { listQuery } from '../list-query.ts'
import { fromMarker, toMarker } from '../marker.ts'
import { ACCOUNT_LIST_LIMITS } from './limits.ts'

const { limitDefault, limitMax } = ACCOUNT_LIST_LIMITS

/** The query of a list of accounts with its filters. */
export function accountListQuery<const P extends TProperties>(filters: P) {
  return listQuery({
    ...filters,
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: limitMax, default: limitDefault, 'x-error': 'limit-invalid' }),
    ),
    marker: Type.Optional(
      Type.String({ description: '`next_marker` of the page before.', 'x-error': 'marker-invalid' }),
    ),
  })
}

export const nextMarker = Type.Optional(Type.String({ description: 'Missing on the last page.' }))

/** Where an item is in its list: texts that are compared one after the other. */
export type Place = readonly string[]

type PageQuery = { readonly limit?: number; readonly marker?: string }

/** The place after which a page begins, in a list whose places have `parts` parts. Throws `marker-invalid`. */
export function placeBefore({ marker }: PageQuery, parts: number): Place | undefined {
  if (marker === undefined) return undefined
  return fromMarker(marker, new Array<'string'>(parts).fill('string')) as Place
}

export function pageLimit({ limit = limitDefault }: PageQuery): number {
  return limit
}

/** Compares two places of a list. */
export function comparePlaces(a: Place, b: Place): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareCodePoints(a[i] ?? '', b[i] ?? '')
    if (order !== 0) return order
  }
  return 0
}

/** An item of a list with its place. */
export type Placed<T> = { readonly item: T; readonly place: Place }

/** A page, and the marker of the next one if there is one. */
export type AccountPage<T> = { readonly items: readonly T[]; readonly next: { readonly next_marker?: string } }

/** Cuts a page of `limit` items from items in order, all of them after the place of the query. */
export function cutPage<T>(found: readonly Placed<T>[], limit: number): AccountPage<T> {
  const page = found.slice(0, limit)
  const last = found.length > limit ? page.at(-1) : undefined
  return {
    items: page.map(({ item }) => item),
    next: last === undefined ? {} : { next_marker: toMarker(last.place) },
  }
}

/**
 * Gives a page of a complete list in the order of the places of its items. The cursor is a place, so paging goes on behind an
 * item that was deleted meanwhile.
 */
export function pageOf<T>(
  items: readonly T[],
  placeOf: (item: T) => Place,
  query: PageQuery,
  parts: number,
): AccountPage<T> {
  const before = placeBefore(query, parts)
  const found = items
    .map((item) => ({ item, place: placeOf(item) }))
    .filter(({ place }) => before === undefined || comparePlaces(place, before) > 0)
    .sort((a, b) => comparePlaces(a.place, b.place))
  return cutPage(found, pageLimit(query))
}
