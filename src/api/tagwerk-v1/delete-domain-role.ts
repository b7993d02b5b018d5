import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { roleParams } from './role-account.ts'

/** Deletes a custom role that no user has (contract 10.93). */
export function deleteDomainRole(accounts: Accounts): Route {
  return defineRoute({
    id: 'DeleteDomainRole',
    method: 'DELETE',
    path: '/tagwerk/v1/domain/roles/{role_id}',
    summary: 'Delete a custom role that no user has',
    access: 'domain',
    action: 'iam:roles:deleteRole',
    params: roleParams,
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      await accounts.roles.remove(caller.principal.scope.domain.id, params.role_id)
      return { status: 204 }
    },
  })
}
