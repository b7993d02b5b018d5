import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { noParameters } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { listLinks } from './links.ts'
import { domainUserParams, roleScopeOf } from './role-scope.ts'
import { roleList, roleView } from './role-view.ts'

/** Lists the roles that a user has in the domain (Keystone v3). */
export function keystoneListDomainPermissionsForUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneListDomainPermissionsForUser',
    method: 'GET',
    path: '/v3/domains/{domain_id}/users/{user_id}/roles',
    summary: 'List the roles of a user in a domain',
    access: 'domain',
    action: 'iam:permissions:listRolesForUserOnDomain',
    params: Type.Object(domainUserParams),
    query: noParameters,
    responses: { 200: roleList },
    handle: async ({ caller, params, origin }) => {
      const { scope } = await roleScopeOf(accounts, caller, params)
      const roles = (await accounts.roles.listInScope(params.user_id, scope)).map((role) => roleView(role, origin))
      const links = listLinks(`${origin}/v3/domains/${scope.scopeId}/users/${params.user_id}/roles`)
      return { status: 200, body: { links, roles, total_number: roles.length } }
    },
  })
}
