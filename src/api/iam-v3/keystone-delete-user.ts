import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'

/** Deletes a user with its role assignments and access keys (OTC IAM API, "Deleting a User"). */
export function keystoneDeleteUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneDeleteUser',
    method: 'DELETE',
    path: '/v3/users/{user_id}',
    summary: 'Delete a user',
    access: 'domain',
    action: 'iam:users:deleteUser',
    params: Type.Object({ user_id: Type.String() }),
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      await accounts.users.remove(domainOf(caller), params.user_id)
      return { status: 204 }
    },
  })
}
