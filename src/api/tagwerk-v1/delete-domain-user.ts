import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { userParams } from './user-account.ts'

/** Deletes a user with its roles and access keys (contract 10.92). */
export function deleteDomainUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'DeleteDomainUser',
    method: 'DELETE',
    path: '/tagwerk/v1/domain/users/{user_id}',
    summary: 'Delete a user with its roles and access keys',
    access: 'domain',
    action: 'iam:users:deleteUser',
    params: userParams,
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      await accounts.users.remove(caller.principal.scope.domain.id, params.user_id)
      return { status: 204 }
    },
  })
}
