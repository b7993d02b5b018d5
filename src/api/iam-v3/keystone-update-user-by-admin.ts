import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { userName } from '../account-members.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'
import { nullableBody } from './nullable-body.ts'
import { userMembers, userSchema, userView } from './user-view.ts'

/**
 * Updates a user. A new password or disabling the user revokes all its tokens (OTC IAM API, "Modifying User
 * Information").
 */
export function keystoneUpdateUserByAdmin(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneUpdateUserByAdmin',
    method: 'PATCH',
    path: '/v3/users/{user_id}',
    summary: 'Update a user',
    access: 'domain',
    action: 'iam:users:updateUser',
    hidesValues: true,
    params: Type.Object({ user_id: Type.String() }),
    ...nullableBody(Type.Object({ user: Type.Object({ name: Type.Optional(userName), ...userMembers }) })),
    responses: { 200: Type.Object({ user: userSchema }) },
    handle: async ({ caller, params, body, origin, address, reauthorize }) => {
      const { name, password, domain_id, enabled, description, email } = body.user
      const input = omitUndefined({ name, password, enabled, description, email })
      const domain = domainOf(caller, domain_id)
      const user = await accounts.users.update(domain, params.user_id, input, address, reauthorize)
      return { status: 200, body: { user: userView(user, origin) } }
    },
  })
}
