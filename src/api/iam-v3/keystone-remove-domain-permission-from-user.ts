import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainUserParams, rolePlaceOf } from './role-place.ts'

/** Takes a role away from a user in a domain (Keystone v3, the vendor's call for groups). */
export function keystoneRemoveDomainPermissionFromUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneRemoveDomainPermissionFromUser',
    method: 'DELETE',
    path: '/v3/domains/{domain_id}/users/{user_id}/roles/{role_id}',
    summary: 'Take a role away from a user in a domain',
    access: 'domain',
    action: 'iam:permissions:revokeRoleFromUserOnDomain',
    params: Type.Object({ ...domainUserParams, role_id: Type.String() }),
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      const { domainId, place } = await rolePlaceOf(accounts, caller, params)
      await accounts.roles.unassign(domainId, params.user_id, place, params.role_id)
      return { status: 204 }
    },
  })
}
