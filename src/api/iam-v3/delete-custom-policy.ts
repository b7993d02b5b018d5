import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'

/** Deletes a custom policy without assignments (OTC IAM API, "Deleting a Custom Policy"). */
export function deleteCustomPolicy(accounts: Accounts): Route {
  return defineRoute({
    id: 'DeleteCustomPolicy',
    method: 'DELETE',
    path: '/v3.0/OS-ROLE/roles/{role_id}',
    summary: 'Delete a custom policy without assignments',
    access: 'domain',
    action: 'iam:roles:deleteRole',
    params: Type.Object({ role_id: Type.String() }),
    // COMPAT: the page says 200, and both Terraform providers accept no other status (contract D34).
    responses: { 200: null },
    handle: async ({ caller, params }) => {
      await accounts.roles.remove(domainOf(caller), params.role_id)
      return { status: 200 }
    },
  })
}
