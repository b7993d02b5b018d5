import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainUserParams, rolePlaceOf } from './role-place.ts'

/**
 * Gives a user a role in the whole domain, which counts in all its projects; once more changes nothing (Keystone v3,
 * the vendor's call for groups).
 */
export function keystoneAssociateUserWithDomainPermission(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneAssociateUserWithDomainPermission',
    method: 'PUT',
    path: '/v3/domains/{domain_id}/users/{user_id}/roles/{role_id}',
    summary: 'Give a user a role in a domain',
    access: 'domain',
    action: 'iam:permissions:grantRoleToUserOnDomain',
    params: Type.Object({ ...domainUserParams, role_id: Type.String() }),
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      const { domainId, place } = await rolePlaceOf(accounts, caller, params)
      await accounts.roles.assign(domainId, params.user_id, place, params.role_id)
      return { status: 204 }
    },
  })
}
