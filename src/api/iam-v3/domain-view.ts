import { type Static, Type } from 'typebox'
import type { Domain } from '../../iam/domains.ts'
import { PASSWORD_CHARACTERS_MAX } from '../../iam/password-rules.ts'
import { accountText, projectName, userName } from '../account-members.ts'
import { listQuery } from '../list-query.ts'
import { listLinksSchema, selfLinkSchema } from './links.ts'

/** Renders a domain. */
export function domainView({ id, name, description, enabled }: Domain, origin: string) {
  return { id, name, description, enabled, links: { self: `${origin}/v3/domains/${id}` } }
}

export const domainSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  enabled: Type.Boolean(),
  links: selfLinkSchema,
})

/** A domain is named like a project. */
export const domainName = projectName

/** Optional members of a domain. */
export const domainMembers = {
  description: Type.Optional(accountText),
  enabled: Type.Optional(Type.Boolean()),
}

/** The user who may do everything in a domain. An addition to Keystone's API, in which the domain gets its users later. */
export const domainAdministrator = Type.Object({
  name: userName,
  password: Type.String({ maxLength: PASSWORD_CHARACTERS_MAX }),
})

/** The filters of both lists of domains. */
export const domainFilters = listQuery({
  name: Type.Optional(Type.String({ description: 'Exact match.' })),
  enabled: Type.Optional(Type.Boolean()),
})

/** Renders the domains that match the filters. */
export function domainViews(domains: readonly Domain[], filters: Static<typeof domainFilters>, origin: string) {
  return domains
    .filter(
      ({ name, enabled }) =>
        (filters.name === undefined || name === filters.name) &&
        (filters.enabled === undefined || enabled === filters.enabled),
    )
    .map((domain) => domainView(domain, origin))
}

export const domainList = Type.Object({ domains: Type.Array(domainSchema), links: listLinksSchema })
