import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { noParameters } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { listLinks } from './links.ts'
import { projectUserParams, roleScopeOf } from './role-scope.ts'
import { roleList, roleView } from './role-view.ts'

/** Lists the roles assigned to a user in a project, without those assigned in the domain (Keystone v3). */
export function keystoneListProjectPermissionsForUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneListProjectPermissionsForUser',
    method: 'GET',
    path: '/v3/projects/{project_id}/users/{user_id}/roles',
    summary: 'List the roles of a user in a project',
    access: 'domain',
    action: 'iam:permissions:listRolesForUserOnProject',
    params: Type.Object(projectUserParams),
    query: noParameters,
    responses: { 200: roleList },
    handle: async ({ caller, params, origin }) => {
      const { scope } = await roleScopeOf(accounts, caller, params)
      const roles = (await accounts.roles.listInScope(params.user_id, scope)).map((role) => roleView(role, origin))
      const links = listLinks(`${origin}/v3/projects/${scope.scopeId}/users/${params.user_id}/roles`)
      return { status: 200, body: { links, roles, total_number: roles.length } }
    },
  })
}
