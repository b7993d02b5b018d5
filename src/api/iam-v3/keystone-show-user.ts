import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { managedUser } from '../../iam/managed-records.ts'
import { defineRoute, type Route } from '../route.ts'
import { userSchema, userView } from './user-view.ts'

/**
 * Shows the caller, or any user of the domain to a caller who may manage users (OTC IAM API, "Querying User Details").
 */
export function keystoneShowUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneShowUser',
    method: 'GET',
    path: '/v3/users/{user_id}',
    summary: 'Show a user',
    access: 'any',
    action: 'iam:users:getUser',
    params: Type.Object({ user_id: Type.String() }),
    responses: { 200: Type.Object({ user: userSchema }) },
    handle: async ({ caller, params, origin }) => {
      const user = await managedUser(accounts, caller.principal, params.user_id, 'iam:users:getUser')
      return { status: 200, body: { user: userView(user, origin) } }
    },
  })
}
