import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { listLinks } from './links.ts'
import { domainUserParams, rolePlaceOf } from './role-place.ts'
import { roleList, roleView } from './role-view.ts'

/** Lists the roles that a user has in the whole domain (Keystone v3). */
export function keystoneListDomainPermissionsForUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneListDomainPermissionsForUser',
    method: 'GET',
    path: '/v3/domains/{domain_id}/users/{user_id}/roles',
    summary: 'List the roles of a user in a domain',
    access: 'domain',
    action: 'iam:permissions:listRolesForUserOnDomain',
    params: Type.Object(domainUserParams),
    responses: { 200: roleList },
    handle: async ({ caller, params, origin }) => {
      const { place } = await rolePlaceOf(accounts, caller, params)
      const roles = (await accounts.roles.listInScope(params.user_id, place)).map((role) => roleView(role, origin))
      const links = listLinks(`${origin}/v3/domains/${place.scopeId}/users/${params.user_id}/roles`)
      return { status: 200, body: { links, roles, total_number: roles.length } }
    },
  })
}
