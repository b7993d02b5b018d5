import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { managesDomains } from './access.ts'
import { domainFilters, domainList, domainViews } from './domain-view.ts'
import { listLinks } from './links.ts'

/**
 * Lists the caller's domain, because openstackclient looks up a domain by name here, or all domains to an administrator of
 * the first one (Keystone v3, "List domains").
 */
export function keystoneListDomains(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneListDomains',
    method: 'GET',
    path: '/v3/domains',
    summary: "List the caller's domain, or all domains",
    access: 'any',
    action: 'iam:domains:listDomains',
    query: domainFilters,
    responses: { 200: domainList },
    handle: async ({ caller, query, origin }) => {
      const { domains } = accounts
      const all = managesDomains(caller, 'iam:domains:listDomains')
      const visible = all ? await domains.list() : [await domains.get(caller.principal.user.domain.id)]
      const links = listLinks(`${origin}/v3/domains`, query)
      return { status: 200, body: { domains: domainViews(visible, query, origin), links } }
    },
  })
}
