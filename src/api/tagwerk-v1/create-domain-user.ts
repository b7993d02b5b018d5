import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { userName } from '../account-members.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { defineRoute, type Route } from '../route.ts'
import { newPassword, userAccount, userAccountMembers, userAccountOf } from './user-account.ts'

/** Creates a user without roles in the caller's domain (contract 10.92). */
export function createDomainUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'CreateDomainUser',
    method: 'POST',
    path: '/tagwerk/v1/domain/users',
    summary: 'Create a user',
    access: 'domain',
    action: 'iam:users:createUser',
    hidesValues: true,
    body: Type.Object({ name: userName, password: Type.Optional(newPassword), ...userAccountMembers }),
    responses: { 201: userAccount },
    handle: async ({ caller, body, address, reauthorize }) => {
      const { name, password, description, email, enabled } = body
      const input = { name, ...omitUndefined({ password, description, email, enabled }) }
      const user = await accounts.users.create(caller.principal.scope.domain.id, input, address, reauthorize)
      return { status: 201, body: userAccountOf(user, caller) }
    },
  })
}
