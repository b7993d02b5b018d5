import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { type RoleView, SYSTEM_ROLES } from '../../iam/roles.ts'
import { defineRoute, type Route } from '../route.ts'
import { accountListQuery, nextMarker, pageOf } from './account-pages.ts'
import { listedRole, roleAccountOf } from './role-account.ts'

/** Lists the system roles, then the custom roles of the domain, by display name (contract 10.93). */
export function listDomainRoles(accounts: Accounts): Route {
  return defineRoute({
    id: 'ListDomainRoles',
    method: 'GET',
    path: '/tagwerk/v1/domain/roles',
    summary: 'List the system roles and the custom roles of the domain',
    access: 'domain',
    action: 'iam:roles:listRoles',
    query: accountListQuery({}),
    responses: { 200: Type.Object({ roles: Type.Array(listedRole), next_marker: nextMarker }) },
    handle: async ({ caller, query }) => {
      const all = [...SYSTEM_ROLES, ...(await accounts.roles.listCustom(caller.principal.scope.domain.id))]
      const { items, next } = pageOf(all, placeOf, query, 2)
      const roles = await Promise.all(items.map((role) => withAssignments(accounts, role)))
      return { status: 200, body: { roles, ...next } }
    },
  })
}

function placeOf({ custom, displayName }: RoleView): readonly string[] {
  return [custom === undefined ? 'a' : 'b', displayName]
}

/** Those of a system role are not counted: they are in every domain. */
async function withAssignments(accounts: Accounts, role: RoleView) {
  const view = roleAccountOf(role)
  return role.custom === undefined ? view : { ...view, assignments: await accounts.roles.references(role.id) }
}
