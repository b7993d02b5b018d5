import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'
import { customPolicySchema, roleView } from './role-view.ts'

/** Shows a custom policy (OTC IAM API, "Querying Custom Policy Details"). */
export function showCustomPolicy(accounts: Accounts): Route {
  return defineRoute({
    id: 'ShowCustomPolicy',
    method: 'GET',
    path: '/v3.0/OS-ROLE/roles/{role_id}',
    summary: 'Show a custom policy',
    access: 'domain',
    action: 'iam:roles:getRole',
    params: Type.Object({ role_id: Type.String() }),
    responses: { 200: Type.Object({ role: customPolicySchema }) },
    handle: async ({ caller, params, origin }) => {
      const role = await accounts.roles.getCustom(domainOf(caller), params.role_id)
      const references = await accounts.roles.references(role.id)
      return { status: 200, body: { role: { ...roleView(role, origin), references } } }
    },
  })
}
