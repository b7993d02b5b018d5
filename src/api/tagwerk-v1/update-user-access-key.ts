import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { keyChanger } from '../../iam/managed-records.ts'
import { accountText } from '../account-members.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { defineRoute, type Route } from '../route.ts'
import { accessKeyAccount, accessKeyAccountOf, accessKeyParams, keyInPath } from './access-key-account.ts'

const ACTION = 'iam:credentials:updateCredential'

/** Disables, enables or describes an access key. Its user cannot enable one that an administrator disabled (contract 10.95). */
export function updateUserAccessKey(accounts: Accounts): Route {
  return defineRoute({
    id: 'UpdateUserAccessKey',
    method: 'PATCH',
    path: '/tagwerk/v1/domain/users/{user_id}/access-keys/{access_key}',
    summary: 'Change state or description of an access key',
    access: 'domain',
    action: ACTION,
    params: accessKeyParams,
    body: Type.Object({ enabled: Type.Optional(Type.Boolean()), description: Type.Optional(accountText) }),
    responses: { 200: accessKeyAccount },
    handle: async ({ caller, params, body }) => {
      const { enabled: active, description } = body
      const key = await keyInPath(accounts, caller, params, ACTION)
      const by = keyChanger(caller.principal, key, ACTION, active)
      const changed = await accounts.accessKeys.update(key.accessKey, omitUndefined({ active, description }), by)
      return { status: 200, body: accessKeyAccountOf(changed) }
    },
  })
}
