import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { managedUser } from '../../iam/managed-records.ts'
import { defineRoute, type Route } from '../route.ts'
import { accessKeyDescription, accessKeyView, newAccessKeySchema } from './access-key-view.ts'
import { nullableBody } from './nullable-body.ts'

/**
 * Creates an access key for the caller, or as an administrator for another user. Only this response contains the secret
 * (OTC IAM API).
 */
export function createPermanentAccessKey(accounts: Accounts): Route {
  return defineRoute({
    id: 'CreatePermanentAccessKey',
    method: 'POST',
    path: '/v3.0/OS-CREDENTIAL/credentials',
    summary: 'Create an access key',
    access: 'any',
    action: 'iam:credentials:createCredential',
    ...nullableBody(
      Type.Object({ credential: Type.Object({ user_id: Type.String(), description: accessKeyDescription }) }),
    ),
    responses: { 201: Type.Object({ credential: newAccessKeySchema }) },
    handle: async ({ caller, body }) => {
      const { user_id, description = '' } = body.credential
      const user = await managedUser(accounts, caller.principal, user_id, 'iam:credentials:createCredential')
      const key = await accounts.accessKeys.create(user.id, description)
      return { status: 201, body: { credential: { ...accessKeyView(key), secret: key.secretKey } } }
    },
  })
}
