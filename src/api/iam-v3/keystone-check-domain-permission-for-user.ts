import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { demandRoleThere, domainUserParams } from './role-place.ts'

/** Says by its status whether a user has a role in the whole domain (Keystone v3). */
export function keystoneCheckDomainPermissionForUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneCheckDomainPermissionForUser',
    method: 'HEAD',
    path: '/v3/domains/{domain_id}/users/{user_id}/roles/{role_id}',
    summary: 'Check whether a user has a role in a domain',
    access: 'domain',
    // Whoever may list roles may ask for one of them.
    action: 'iam:permissions:listRolesForUserOnDomain',
    params: Type.Object({ ...domainUserParams, role_id: Type.String() }),
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      await demandRoleThere(accounts, caller, params)
      return { status: 204 }
    },
  })
}
