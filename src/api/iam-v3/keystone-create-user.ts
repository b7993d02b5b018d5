import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { userName } from '../account-members.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'
import { nullableBody } from './nullable-body.ts'
import { userMembers, userSchema, userView } from './user-view.ts'

/**
 * Creates a user in the caller's domain. A user without a password can only use access keys (OTC IAM API, "Creating a
 * User").
 */
export function keystoneCreateUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneCreateUser',
    method: 'POST',
    path: '/v3/users',
    summary: 'Create a user',
    access: 'domain',
    action: 'iam:users:createUser',
    hidesValues: true,
    ...nullableBody(Type.Object({ user: Type.Object({ name: userName, ...userMembers }) })),
    responses: { 201: Type.Object({ user: userSchema }) },
    handle: async ({ caller, body, origin, address, reauthorize }) => {
      const { name, password, domain_id, enabled, description, email } = body.user
      const input = { name, ...omitUndefined({ password, enabled, description, email }) }
      const user = await accounts.users.create(domainOf(caller, domain_id), input, address, reauthorize)
      return { status: 201, body: { user: userView(user, origin) } }
    },
  })
}
