import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { userName } from '../account-members.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { defineRoute, type Route } from '../route.ts'
import { userAccount, userAccountMembers, userAccountOf, userParams } from './user-account.ts'

/** Renames, describes, disables or enables a user. Disabling it revokes all its tokens (contract 10.92). */
export function updateDomainUser(accounts: Accounts): Route {
  return defineRoute({
    id: 'UpdateDomainUser',
    method: 'PATCH',
    path: '/tagwerk/v1/domain/users/{user_id}',
    summary: 'Change name, description, e-mail address or state of a user',
    access: 'domain',
    action: 'iam:users:updateUser',
    params: userParams,
    body: Type.Object({ name: Type.Optional(userName), ...userAccountMembers }),
    responses: { 200: userAccount },
    handle: async ({ caller, params, body, address }) => {
      const { name, description, email, enabled } = body
      const changes = omitUndefined({ name, description, email, enabled })
      const user = await accounts.users.update(caller.principal.scope.domain.id, params.user_id, changes, address)
      return { status: 200, body: userAccountOf(user, caller) }
    },
  })
}
