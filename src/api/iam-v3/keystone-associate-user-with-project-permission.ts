import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { projectUserParams, rolePlaceOf } from './role-place.ts'

/** Gives a user a role in a project; once more changes nothing (Keystone v3, the vendor's call for groups). */
export function keystoneAssociateUserWithProjectPermission(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneAssociateUserWithProjectPermission',
    method: 'PUT',
    path: '/v3/projects/{project_id}/users/{user_id}/roles/{role_id}',
    summary: 'Give a user a role in a project',
    access: 'domain',
    action: 'iam:permissions:grantRoleToUserOnProject',
    params: Type.Object({ ...projectUserParams, role_id: Type.String() }),
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      const { domainId, place } = await rolePlaceOf(accounts, caller, params)
      await accounts.roles.assign(domainId, params.user_id, place, params.role_id)
      return { status: 204 }
    },
  })
}
