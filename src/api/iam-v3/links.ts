import { Type } from 'typebox'

/** What a caller asked a list for. */
type Query = Readonly<Record<string, string | number | boolean | undefined>>

const link = Type.Union([Type.String(), Type.Null()])

/** Links of a list to itself and its neighbours. */
export const listLinksSchema = Type.Object({ self: Type.String(), previous: link, next: link })

/** A record's link to itself. */
export const selfLinkSchema = Type.Object({ self: Type.String() })

/** The links of a list that is whole. */
export function listLinks(url: string, query: Query = {}) {
  return { self: urlOf(url, query), previous: null, next: null }
}

/** The links of one page of a list; those to other pages ask the same. */
export function pageLinks(url: string, query: Query, { page, hasNext }: { page: number; hasNext: boolean }) {
  const linkTo = (number: number) => urlOf(url, { ...query, page: number })
  return {
    self: linkTo(page),
    previous: page > 1 ? linkTo(page - 1) : null,
    next: hasNext ? linkTo(page + 1) : null,
  }
}

function urlOf(url: string, query: Query): string {
  const asked = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) asked.set(name, String(value))
  return asked.size === 0 ? url : `${url}?${asked}`
}
