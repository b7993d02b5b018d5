import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import { listLinks, listLinksSchema, selfLinkSchema } from './links.ts'

const domainList = Type.Object({
  domains: Type.Array(
    Type.Object({
      ...{ id: Type.String(), name: Type.String(), description: Type.String(), enabled: Type.Boolean() },
      links: selfLinkSchema,
    }),
  ),
  links: listLinksSchema,
})

/** Lists the domains of the caller, which is one: SDKs with access keys look up its id here (contract 6.1). */
export function keystoneListAuthDomains(): Route {
  return defineRoute({
    id: 'KeystoneListAuthDomains',
    method: 'GET',
    path: '/v3/auth/domains',
    summary: "List the caller's domains",
    access: 'any',
    action: 'iam:domains:listDomains',
    responses: { 200: domainList },
    handle: async ({ caller, origin }) => {
      const { id, name } = caller.principal.user.domain
      const links = { self: `${origin}/v3/domains/${id}` }
      const domains = [{ id, name, description: '', enabled: true, links }]
      return { status: 200, body: { domains, links: listLinks(`${origin}/v3/auth/domains`) } }
    },
  })
}
