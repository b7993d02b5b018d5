import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { userName } from '../account-members.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'
import { nullableBody } from './nullable-body.ts'
import { toAttributes, userDetailMembers, userDetails, userDetailsView } from './user-details.ts'

/**
 * Creates a user in the caller's domain, with all details (OTC IAM API, "Creating an IAM User (Recommended)"). Both
 * Terraform providers create users by this call.
 */
export function createUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'CreateUser',
    method: 'POST',
    path: '/v3.0/OS-USER/users',
    summary: 'Create a user with details',
    access: 'domain',
    action: 'iam:users:createUser',
    hidesValues: true,
    ...nullableBody(Type.Object({ user: Type.Object({ name: userName, ...userDetailMembers }) })),
    responses: { 201: Type.Object({ user: userDetails }) },
    handle: async ({ caller, body, origin, address, reauthorize }) => {
      const { name, password, domain_id, enabled, description, email, pwd_status = true } = body.user
      const attributes = {
        ...toAttributes(body.user),
        // Without a password there is none to change.
        shouldChangePassword: password !== undefined && pwd_status,
      }
      const input = { name, attributes, ...omitUndefined({ password, enabled, description, email }) }
      const user = await accounts.users.create(domainOf(caller, domain_id), input, address, reauthorize)
      return { status: 201, body: { user: userDetailsView(user, origin) } }
    },
  })
}
