import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { grantRole, projectGrantParams } from './role-grants.ts'

/** Gives a user a role in one project (contract 10.94). */
export function grantProjectRole(accounts: Accounts): Route {
  return defineRoute({
    id: 'GrantProjectRole',
    method: 'PUT',
    path: '/tagwerk/v1/domain/users/{user_id}/projects/{project_id}/roles/{role_id}',
    summary: 'Give a user a role in a project',
    access: 'domain',
    action: 'iam:permissions:grantRoleToUserOnProject',
    params: projectGrantParams,
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      await grantRole(accounts, caller, params)
      return { status: 204 }
    },
  })
}
