import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { managedUser } from '../../iam/managed-records.ts'
import { noParameters } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { accessKeyAccount, accessKeyAccountOf } from './access-key-account.ts'
import { userParams } from './user-account.ts'

const ACTION = 'iam:credentials:listCredentials'

/** Lists the access keys of a user without their secrets, oldest first (contract 10.95). */
export function listUserAccessKeys(accounts: Accounts): Route {
  return defineRoute({
    id: 'ListUserAccessKeys',
    method: 'GET',
    path: '/tagwerk/v1/domain/users/{user_id}/access-keys',
    summary: 'List the access keys of a user',
    access: 'domain',
    action: ACTION,
    params: userParams,
    query: noParameters,
    responses: { 200: Type.Object({ access_keys: Type.Array(accessKeyAccount) }) },
    handle: async ({ caller, params }) => {
      const user = await managedUser(accounts, caller.principal, params.user_id, ACTION)
      const keys = await accounts.accessKeys.list(user.id)
      return { status: 200, body: { access_keys: keys.map(accessKeyAccountOf) } }
    },
  })
}
