import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { targetAccessKey } from './access.ts'

/** Deletes an access key (OTC IAM API). */
export function deletePermanentAccessKey(accounts: Accounts): Route {
  return defineRoute({
    id: 'DeletePermanentAccessKey',
    method: 'DELETE',
    path: '/v3.0/OS-CREDENTIAL/credentials/{access_key}',
    summary: 'Delete an access key',
    access: 'any',
    action: 'iam:credentials:deleteCredential',
    params: Type.Object({ access_key: Type.String() }),
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      const key = await targetAccessKey(accounts, caller, params.access_key, 'iam:credentials:deleteCredential')
      await accounts.accessKeys.remove(key.accessKey)
      return { status: 204 }
    },
  })
}
