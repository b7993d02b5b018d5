import { type Static, Type } from 'typebox'
import type { Principal } from '../../iam/principal.ts'
import { listQuery } from '../list-query.ts'
import { listLinksSchema, selfLinkSchema } from './links.ts'

/** Renders a domain. */
export function domainView({ id, name }: Principal['user']['domain'], origin: string) {
  return { id, name, description: '', enabled: true, links: { self: `${origin}/v3/domains/${id}` } }
}

export const domainSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  enabled: Type.Boolean(),
  links: selfLinkSchema,
})

/** The filters of both lists of domains. */
export const domainFilters = listQuery({
  name: Type.Optional(Type.String({ description: 'Exact match.' })),
  enabled: Type.Optional(Type.Boolean({ description: 'Every domain is enabled.' })),
})

/** Renders the domains of a caller that match the filters: the only one, or none. */
export function domainViews(principal: Principal, filters: Static<typeof domainFilters>, origin: string) {
  return [domainView(principal.user.domain, origin)].filter(
    ({ name, enabled }) =>
      (filters.name === undefined || name === filters.name) &&
      (filters.enabled === undefined || enabled === filters.enabled),
  )
}

export const domainList = Type.Object({ domains: Type.Array(domainSchema), links: listLinksSchema })
