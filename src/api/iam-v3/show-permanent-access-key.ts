import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { targetAccessKey } from './access.ts'
import { accessKeySchema, accessKeyView } from './access-key-view.ts'

/** Shows an access key without its secret (OTC IAM API). */
export function showPermanentAccessKey(accounts: Accounts): Route {
  return defineRoute({
    id: 'ShowPermanentAccessKey',
    method: 'GET',
    path: '/v3.0/OS-CREDENTIAL/credentials/{access_key}',
    summary: 'Show an access key',
    access: 'any',
    action: 'iam:credentials:getCredential',
    params: Type.Object({ access_key: Type.String() }),
    responses: { 200: Type.Object({ credential: accessKeySchema }) },
    handle: async ({ caller, params }) => {
      const key = await targetAccessKey(accounts, caller, params.access_key, 'iam:credentials:getCredential')
      return { status: 200, body: { credential: accessKeyView(key) } }
    },
  })
}
