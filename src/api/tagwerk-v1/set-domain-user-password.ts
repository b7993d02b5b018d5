import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { newPassword, userParams } from './user-account.ts'

/** Sets the password of a user as an administrator, and revokes all tokens of the user (contract 10.92). */
export function setDomainUserPassword(accounts: Accounts): Route {
  return defineRoute({
    id: 'SetDomainUserPassword',
    method: 'PUT',
    path: '/tagwerk/v1/domain/users/{user_id}/password',
    summary: 'Set the password of a user',
    access: 'domain',
    action: 'iam:users:updateUser',
    hidesValues: true,
    params: userParams,
    body: Type.Object({ password: newPassword }),
    responses: { 204: null },
    handle: async ({ caller, params, body, address, reauthorize }) => {
      const { id } = caller.principal.scope.domain
      await accounts.users.update(id, params.user_id, { password: body.password }, address, reauthorize)
      return { status: 204 }
    },
  })
}
