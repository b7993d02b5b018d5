import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainGrantParams, revokeRole } from './role-grants.ts'

/** Takes a role from a user that it has in the whole domain (contract 10.94). */
export function revokeDomainRole(accounts: Accounts): Route {
  return defineRoute({
    id: 'RevokeDomainRole',
    method: 'DELETE',
    path: '/tagwerk/v1/domain/users/{user_id}/roles/{role_id}',
    summary: 'Take a role in the whole domain from a user',
    access: 'domain',
    action: 'iam:permissions:revokeRoleFromUserOnDomain',
    params: domainGrantParams,
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      await revokeRole(accounts, caller, params)
      return { status: 204 }
    },
  })
}
