import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { SYSTEM_ROLES } from '../../iam/roles.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'
import { listLinks } from './links.ts'
import { roleList, roleView } from './role-view.ts'

/** Lists the system roles and the custom roles of the domain (OTC IAM API, "Querying a Role List"). */
export function keystoneListRoles(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneListRoles',
    method: 'GET',
    path: '/v3/roles',
    summary: 'List roles',
    access: 'domain',
    action: 'iam:roles:listRoles',
    query: Type.Object({
      domain_id: Type.Optional(Type.String({ description: 'Only the custom roles of this domain.' })),
      name: Type.Optional(Type.String({ description: 'Exact match.' })),
      display_name: Type.Optional(Type.String({ description: 'Exact match.' })),
    }),
    responses: { 200: roleList },
    handle: async ({ caller, query, origin }) => {
      const { domain_id, name, display_name } = query
      const custom = await accounts.roles.listCustom(domainOf(caller, domain_id))
      const roles = [...(domain_id === undefined ? SYSTEM_ROLES : []), ...custom].filter(
        (role) =>
          (name === undefined || role.name === name) &&
          (display_name === undefined || role.displayName === display_name),
      )
      const links = listLinks(`${origin}/v3/roles`, query)
      return {
        status: 200,
        body: { links, roles: roles.map((role) => roleView(role, origin)), total_number: roles.length },
      }
    },
  })
}
