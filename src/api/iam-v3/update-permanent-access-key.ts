import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { keyChanger } from '../../iam/managed-records.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { defineRoute, type Route } from '../route.ts'
import { targetAccessKey } from './access.ts'
import { accessKeyDescription, accessKeySchema, accessKeyView } from './access-key-view.ts'
import { nullableBody } from './nullable-body.ts'

const ACTION = 'iam:credentials:updateCredential'

/**
 * Updates the description or the status of an access key (OTC IAM API). A key that an administrator deactivated cannot
 * be activated by its user.
 */
export function updatePermanentAccessKey(accounts: Accounts): Route {
  return defineRoute({
    id: 'UpdatePermanentAccessKey',
    method: 'PUT',
    path: '/v3.0/OS-CREDENTIAL/credentials/{access_key}',
    summary: 'Update an access key',
    access: 'any',
    action: ACTION,
    params: Type.Object({ access_key: Type.String() }),
    ...nullableBody(
      Type.Object({
        credential: Type.Object({
          status: Type.Optional(Type.Unsafe<'active' | 'inactive'>({ type: 'string', enum: ['active', 'inactive'] })),
          description: accessKeyDescription,
        }),
      }),
    ),
    responses: { 200: Type.Object({ credential: accessKeySchema }) },
    handle: async ({ caller, params, body }) => {
      const { status, description } = body.credential
      const key = await targetAccessKey(accounts, caller, params.access_key, ACTION)
      const active = status === undefined ? undefined : status === 'active'
      const by = keyChanger(caller.principal, key, ACTION, active)
      const changed = await accounts.accessKeys.update(key.accessKey, omitUndefined({ description, active }), by)
      return { status: 200, body: { credential: accessKeyView(changed) } }
    },
  })
}
