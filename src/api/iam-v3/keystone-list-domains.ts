import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import { domainList, domainView } from './domain-view.ts'
import { listLinks } from './links.ts'

/** Lists the caller's domain, because openstackclient looks up a domain by name here (Keystone v3, "List domains"). */
export function keystoneListDomains(): Route {
  return defineRoute({
    id: 'KeystoneListDomains',
    method: 'GET',
    path: '/v3/domains',
    summary: "List the caller's domain",
    access: 'any',
    action: 'iam:domains:listDomains',
    query: Type.Object({
      name: Type.Optional(Type.String({ description: 'Exact match.' })),
      enabled: Type.Optional(Type.Boolean({ description: 'Every domain is enabled.' })),
    }),
    responses: { 200: domainList },
    handle: async ({ caller, query, origin }) => {
      const domains = [domainView(caller.principal.user.domain, origin)].filter(
        ({ name, enabled }) =>
          (query.name === undefined || name === query.name) &&
          (query.enabled === undefined || enabled === query.enabled),
      )
      return { status: 200, body: { domains, links: listLinks(`${origin}/v3/domains`, query) } }
    },
  })
}
