import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { projectGrantParams, revokeRole } from './role-grants.ts'

/** Takes a role from a user that it has in one project (contract 10.94). */
export function revokeProjectRole(accounts: Accounts): Route {
  return defineRoute({
    id: 'RevokeProjectRole',
    method: 'DELETE',
    path: '/tagwerk/v1/domain/users/{user_id}/projects/{project_id}/roles/{role_id}',
    summary: 'Take a role in a project from a user',
    access: 'domain',
    action: 'iam:permissions:revokeRoleFromUserOnProject',
    params: projectGrantParams,
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      await revokeRole(accounts, caller, params)
      return { status: 204 }
    },
  })
}
