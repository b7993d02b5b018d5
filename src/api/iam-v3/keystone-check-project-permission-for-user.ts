import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { demandRoleThere, projectUserParams } from './role-place.ts'

/** Says by its status whether a user has a role in a project itself (Keystone v3). */
export function keystoneCheckProjectPermissionForUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneCheckProjectPermissionForUser',
    method: 'HEAD',
    path: '/v3/projects/{project_id}/users/{user_id}/roles/{role_id}',
    summary: 'Check whether a user has a role in a project',
    access: 'domain',
    // Whoever may list roles may ask for one of them.
    action: 'iam:permissions:listRolesForUserOnProject',
    params: Type.Object({ ...projectUserParams, role_id: Type.String() }),
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      await demandRoleThere(accounts, caller, params)
      return { status: 204 }
    },
  })
}
