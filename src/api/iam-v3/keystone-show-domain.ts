import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { notFound } from '../../iam/not-found.ts'
import { defineRoute, type Route } from '../route.ts'
import { managesDomains } from './access.ts'
import { domainSchema, domainView } from './domain-view.ts'

/**
 * Shows the caller's domain, or any domain to an administrator of the first one. Any other id is answered with 404,
 * whether or not it exists (Keystone v3).
 */
export function keystoneShowDomain(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneShowDomain',
    method: 'GET',
    path: '/v3/domains/{domain_id}',
    summary: 'Show a domain',
    access: 'any',
    action: 'iam:domains:getDomain',
    params: Type.Object({ domain_id: Type.String() }),
    responses: { 200: Type.Object({ domain: domainSchema }) },
    handle: async ({ caller, params, origin }) => {
      const { id } = caller.principal.user.domain
      if (params.domain_id !== id && !managesDomains(caller, 'iam:domains:getDomain')) {
        throw notFound('domain_id', "the id of the caller's domain", params.domain_id)
      }
      return { status: 200, body: { domain: domainView(await accounts.domains.get(params.domain_id), origin) } }
    },
  })
}
