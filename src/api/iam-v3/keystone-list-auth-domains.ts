import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainFilters, domainList, domainViews } from './domain-view.ts'
import { listLinks } from './links.ts'

/**
 * Lists the caller's only domain (contract 6.1). SDKs with access keys look up its id here. COMPAT: the OTC Terraform
 * provider filters by `name`, which the vendor's page does not document.
 */
export function keystoneListAuthDomains(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneListAuthDomains',
    method: 'GET',
    path: '/v3/auth/domains',
    summary: "List the caller's domains",
    access: 'any',
    action: 'iam:domains:listDomains',
    query: domainFilters,
    responses: { 200: domainList },
    handle: async ({ caller, query, origin }) => {
      const own = await accounts.domains.get(caller.principal.user.domain.id)
      const domains = domainViews([own], query, origin)
      return { status: 200, body: { domains, links: listLinks(`${origin}/v3/auth/domains`, query) } }
    },
  })
}
