import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { managedUser } from '../../iam/managed-records.ts'
import { accountText } from '../account-members.ts'
import { defineRoute, type Route } from '../route.ts'
import { accessKeyAccountOf, newAccessKey } from './access-key-account.ts'
import { userParams } from './user-account.ts'

const ACTION = 'iam:credentials:createCredential'

/** Creates an access key of a user. Only this answer has the secret (contract 10.95). */
export function createUserAccessKey(accounts: Accounts): Route {
  return defineRoute({
    id: 'CreateUserAccessKey',
    method: 'POST',
    path: '/tagwerk/v1/domain/users/{user_id}/access-keys',
    summary: 'Create an access key of a user',
    access: 'domain',
    action: ACTION,
    params: userParams,
    body: Type.Object({ description: Type.Optional(accountText) }),
    responses: { 201: newAccessKey },
    handle: async ({ caller, params, body }) => {
      const user = await managedUser(accounts, caller.principal, params.user_id, ACTION)
      const key = await accounts.accessKeys.create(user.id, body.description ?? '')
      return { status: 201, body: { ...accessKeyAccountOf(key), secret: key.secretKey } }
    },
  })
}
