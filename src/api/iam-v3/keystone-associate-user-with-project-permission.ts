import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { projectUserParams, roleScopeOf } from './role-scope.ts'

/**
 * Assigns a role to a user in a project. Idempotent (Keystone v3; the vendor documents the same operation for groups).
 */
export function keystoneAssociateUserWithProjectPermission(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneAssociateUserWithProjectPermission',
    method: 'PUT',
    path: '/v3/projects/{project_id}/users/{user_id}/roles/{role_id}',
    summary: 'Assign a role to a user in a project',
    access: 'domain',
    action: 'iam:permissions:grantRoleToUserOnProject',
    params: Type.Object({ ...projectUserParams, role_id: Type.String() }),
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      const { domainId, scope } = await roleScopeOf(accounts, caller, params)
      await accounts.roles.assign(domainId, params.user_id, scope, params.role_id)
      return { status: 204 }
    },
  })
}
