import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'
import { roleSchema, roleView } from './role-view.ts'

/** Shows a role with its policy (OTC IAM API, "Querying Role Details"). */
export function keystoneShowRole(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneShowRole',
    method: 'GET',
    path: '/v3/roles/{role_id}',
    summary: 'Show a role',
    access: 'domain',
    action: 'iam:roles:getRole',
    params: Type.Object({ role_id: Type.String() }),
    responses: { 200: Type.Object({ role: roleSchema }) },
    handle: async ({ caller, params, origin }) => {
      const role = await accounts.roles.get(domainOf(caller), params.role_id)
      return { status: 200, body: { role: roleView(role, origin) } }
    },
  })
}
