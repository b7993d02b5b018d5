import { defineRoute, type Route } from '../route.ts'
import { domainList, domainView } from './domain-view.ts'
import { listLinks } from './links.ts'

/** Lists the caller's only domain. SDKs with access keys look up its id here (contract 6.1). */
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
      const domains = [domainView(caller.principal.user.domain, origin)]
      return { status: 200, body: { domains, links: listLinks(`${origin}/v3/auth/domains`) } }
    },
  })
}
