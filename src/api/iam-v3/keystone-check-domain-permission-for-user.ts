import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainUserParams, throwUnlessAssigned } from './role-scope.ts'

/** Answers 204 if a user has a role in the domain, otherwise 404 (Keystone v3). */
export function keystoneCheckDomainPermissionForUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneCheckDomainPermissionForUser',
    method: 'HEAD',
    path: '/v3/domains/{domain_id}/users/{user_id}/roles/{role_id}',
    summary: 'Check whether a user has a role in a domain',
    access: 'domain',
    // A caller who may list the roles may also check for one.
    action: 'iam:permissions:listRolesForUserOnDomain',
    params: Type.Object({ ...domainUserParams, role_id: Type.String() }),
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      await throwUnlessAssigned(accounts, caller, params)
      return { status: 204 }
    },
  })
}
