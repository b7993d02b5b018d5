import { defineRoute, type Route } from '../route.ts'
import { domainFilters, domainList, domainViews } from './domain-view.ts'
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
    query: domainFilters,
    responses: { 200: domainList },
    handle: async ({ caller, query, origin }) => {
      const domains = domainViews(caller.principal, query, origin)
      return { status: 200, body: { domains, links: listLinks(`${origin}/v3/domains`, query) } }
    },
  })
}
