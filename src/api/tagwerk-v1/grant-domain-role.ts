import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainGrantParams, grantRole } from './role-grants.ts'

/** Gives a user a role in the whole domain, and so in each of its projects (contract 10.94). */
export function grantDomainRole(accounts: Accounts): Route {
  return defineRoute({
    id: 'GrantDomainRole',
    method: 'PUT',
    path: '/tagwerk/v1/domain/users/{user_id}/roles/{role_id}',
    summary: 'Give a user a role in the whole domain',
    access: 'domain',
    action: 'iam:permissions:grantRoleToUserOnDomain',
    params: domainGrantParams,
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      await grantRole(accounts, caller, params)
      return { status: 204 }
    },
  })
}
