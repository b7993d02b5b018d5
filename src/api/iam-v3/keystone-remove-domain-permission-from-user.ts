import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainUserParams, roleScopeOf } from './role-scope.ts'

/** Removes a role from a user in a domain (Keystone v3; the vendor documents the same operation for groups). */
export function keystoneRemoveDomainPermissionFromUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneRemoveDomainPermissionFromUser',
    method: 'DELETE',
    path: '/v3/domains/{domain_id}/users/{user_id}/roles/{role_id}',
    summary: 'Remove a role from a user in a domain',
    access: 'domain',
    action: 'iam:permissions:revokeRoleFromUserOnDomain',
    params: Type.Object({ ...domainUserParams, role_id: Type.String() }),
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      const { domainId, scope } = await roleScopeOf(accounts, caller, params)
      await accounts.roles.unassign(domainId, params.user_id, scope, params.role_id)
      return { status: 204 }
    },
  })
}
