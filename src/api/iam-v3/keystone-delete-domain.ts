import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { requireFirstDomain } from '../../iam/domains.ts'
import { defineRoute, type Route } from '../route.ts'

/**
 * Deletes a domain without resources, with its projects, users and roles. Own choice: Keystone wants it disabled first
 * (Keystone v3, "Delete domain").
 */
export function keystoneDeleteDomain(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneDeleteDomain',
    method: 'DELETE',
    path: '/v3/domains/{domain_id}',
    summary: 'Delete a domain without resources',
    access: 'domain',
    action: 'iam:domains:deleteDomain',
    params: Type.Object({ domain_id: Type.String() }),
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      requireFirstDomain(caller.principal)
      await accounts.domains.remove(params.domain_id)
      return { status: 204 }
    },
  })
}
