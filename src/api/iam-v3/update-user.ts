import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { userName } from '../account-members.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'
import { nullableBody } from './nullable-body.ts'
import { toAttributes, userDetailMembers, userDetails, userDetailsView } from './user-details.ts'

/**
 * Updates a user and its details. A new password or disabling the user revokes all its tokens (OTC IAM API, "Modifying
 * User Information (Including Email Address and Mobile Number) as the Administrator").
 */
export function updateUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'UpdateUser',
    method: 'PUT',
    path: '/v3.0/OS-USER/users/{user_id}',
    summary: 'Update a user and its details',
    access: 'domain',
    action: 'iam:users:updateUser',
    hidesValues: true,
    params: Type.Object({ user_id: Type.String() }),
    ...nullableBody(Type.Object({ user: Type.Object({ name: Type.Optional(userName), ...userDetailMembers }) })),
    responses: { 200: Type.Object({ user: userDetails }) },
    handle: async ({ caller, params, body, origin, address, reauthorize }) => {
      const { name, password, domain_id, enabled, description, email } = body.user
      const attributes = toAttributes(body.user)
      const input = { ...omitUndefined({ name, password, enabled, description, email }), attributes }
      const domain = domainOf(caller, domain_id)
      const user = await accounts.users.update(domain, params.user_id, input, address, reauthorize)
      return { status: 200, body: { user: userDetailsView(user, origin) } }
    },
  })
}
