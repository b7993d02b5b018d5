import { Type } from 'typebox'

/** The query parameters of a list request. */
type Query = Readonly<Record<string, string | number | boolean | undefined>>

const link = Type.Union([Type.String(), Type.Null()])

/** Links of a list to itself and its adjacent pages. */
export const listLinksSchema = Type.Object({ self: Type.String(), previous: link, next: link })

export const selfLinkSchema = Type.Object({ self: Type.String() })

/** The links of a list without pages. */
export function listLinks(url: string, query: Query = {}) {
  return { self: urlOf(url, query), previous: null, next: null }
}

/** The links of one page of a list. Links to other pages have the same query parameters. */
export function pageLinks(url: string, query: Query, { page, hasNext }: { page: number; hasNext: boolean }) {
  const linkTo = (number: number) => urlOf(url, { ...query, page: number })
  return {
    self: linkTo(page),
    previous: page > 1 ? linkTo(page - 1) : null,
    next: hasNext ? linkTo(page + 1) : null,
  }
}

function urlOf(url: string, query: Query): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) params.set(name, String(value))
  return params.size === 0 ? url : `${url}?${params}`
}
