import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { accessKeyDescription, accessKeySchema, accessKeyView } from './access-key-view.ts'
import { given } from './given.ts'
import { accessKeyFor } from './rights.ts'

/** Changes the description of a key, or whether it counts (OTC IAM API). */
export function updatePermanentAccessKey(accounts: Accounts): Route {
  return defineRoute({
    id: 'UpdatePermanentAccessKey',
    method: 'PUT',
    path: '/v3.0/OS-CREDENTIAL/credentials/{access_key}',
    summary: 'Change an access key',
    access: 'any',
    action: 'iam:credentials:updateCredential',
    params: Type.Object({ access_key: Type.String() }),
    body: Type.Object({
      credential: Type.Object({
        status: Type.Optional(Type.Unsafe<'active' | 'inactive'>({ type: 'string', enum: ['active', 'inactive'] })),
        description: accessKeyDescription,
      }),
    }),
    responses: { 200: Type.Object({ credential: accessKeySchema }) },
    handle: async ({ caller, params, body }) => {
      const { status, description } = body.credential
      const key = await accessKeyFor(accounts, caller, params.access_key, 'iam:credentials:updateCredential')
      const active = status === undefined ? undefined : status === 'active'
      const changed = await accounts.accessKeys.update(key.accessKey, given({ description, active }))
      return { status: 200, body: { credential: accessKeyView(changed) } }
    },
  })
}
