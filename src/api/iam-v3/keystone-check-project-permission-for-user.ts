import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { projectUserParams, throwUnlessAssigned } from './role-scope.ts'

/** Answers 204 if a user has a role in a project, not only in its domain, otherwise 404 (Keystone v3). */
export function keystoneCheckProjectPermissionForUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneCheckProjectPermissionForUser',
    method: 'HEAD',
    path: '/v3/projects/{project_id}/users/{user_id}/roles/{role_id}',
    summary: 'Check whether a user has a role in a project',
    access: 'domain',
    // A caller who may list the roles may also check for one.
    action: 'iam:permissions:listRolesForUserOnProject',
    params: Type.Object({ ...projectUserParams, role_id: Type.String() }),
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      await throwUnlessAssigned(accounts, caller, params)
      return { status: 204 }
    },
  })
}
