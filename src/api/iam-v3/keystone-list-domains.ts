import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import { domainList, domainView } from './domain-view.ts'
import { listLinks } from './links.ts'

/** Lists the domain of the caller: openstackclient looks for a domain here by its name (Keystone v3, "List domains"). */
export function keystoneListDomains(): Route {
  return defineRoute({
    id: 'KeystoneListDomains',
    method: 'GET',
    path: '/v3/domains',
    summary: "List domains, which is the caller's",
    access: 'any',
    action: 'iam:domains:listDomains',
    query: Type.Object({
      name: Type.Optional(Type.String({ description: 'The exact name.' })),
      enabled: Type.Optional(Type.Boolean({ description: 'Here every domain is.' })),
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
