import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { managedUser } from '../../iam/managed-records.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { accessKeySchema, accessKeyView } from './access-key-view.ts'

/** Lists the access keys of a user, by default of the caller (OTC IAM API). */
export function listPermanentAccessKeys(accounts: Accounts): Route {
  return defineRoute({
    id: 'ListPermanentAccessKeys',
    method: 'GET',
    path: '/v3.0/OS-CREDENTIAL/credentials',
    summary: 'List access keys',
    access: 'any',
    action: 'iam:credentials:listCredentials',
    query: listQuery({ user_id: Type.Optional(Type.String()) }),
    responses: { 200: Type.Object({ credentials: Type.Array(accessKeySchema) }) },
    handle: async ({ caller, query }) => {
      const id = query.user_id ?? caller.principal.user.id
      const user = await managedUser(accounts, caller.principal, id, 'iam:credentials:listCredentials')
      const keys = await accounts.accessKeys.list(user.id)
      return { status: 200, body: { credentials: keys.map(accessKeyView) } }
    },
  })
}
