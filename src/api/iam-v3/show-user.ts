import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { managedUser } from '../../iam/managed-records.ts'
import { defineRoute, type Route } from '../route.ts'
import { userDetails, userDetailsView } from './user-details.ts'

/**
 * Shows the details of the caller, or of any user of the domain to a caller who may manage users (Huawei Cloud IAM,
 * "Querying User Details (Recommended)"). Terraform calls it before it creates an access key.
 */
export function showUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'ShowUser',
    method: 'GET',
    path: '/v3.0/OS-USER/users/{user_id}',
    summary: 'Show a user in detail',
    access: 'any',
    action: 'iam:users:getUser',
    params: Type.Object({ user_id: Type.String() }),
    responses: { 200: Type.Object({ user: userDetails }) },
    handle: async ({ caller, params, origin }) => {
      const user = await managedUser(accounts, caller.principal, params.user_id, 'iam:users:getUser')
      return { status: 200, body: { user: userDetailsView(user, origin) } }
    },
  })
}
