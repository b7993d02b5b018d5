import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { accessKeyParams, keyInPath } from './access-key-account.ts'

const ACTION = 'iam:credentials:deleteCredential'

/** Deletes an access key of a user (contract 10.95). */
export function deleteUserAccessKey(accounts: Accounts): Route {
  return defineRoute({
    id: 'DeleteUserAccessKey',
    method: 'DELETE',
    path: '/tagwerk/v1/domain/users/{user_id}/access-keys/{access_key}',
    summary: 'Delete an access key of a user',
    access: 'domain',
    action: ACTION,
    params: accessKeyParams,
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      const key = await keyInPath(accounts, caller, params, ACTION)
      await accounts.accessKeys.remove(key.accessKey)
      return { status: 204 }
    },
  })
}
