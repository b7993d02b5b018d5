import { Type } from 'typebox'
import { DomainError } from '../../core/errors.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { PASSWORD_CHARACTERS_MAX } from '../../iam/password-rules.ts'
import { defineRoute, type Route } from '../route.ts'

const password = Type.String({ maxLength: PASSWORD_CHARACTERS_MAX })

/** Changes the caller's own password and revokes all tokens of the caller (OTC IAM API, "Changing a Password"). */
export function keystoneUpdateUserPassword(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneUpdateUserPassword',
    method: 'POST',
    path: '/v3/users/{user_id}/password',
    summary: "Change the caller's own password",
    access: 'any',
    action: 'iam:users:updatePassword',
    hidesValues: true,
    params: Type.Object({ user_id: Type.String() }),
    body: Type.Object({ user: Type.Object({ original_password: password, password }) }),
    responses: { 204: null },
    handle: async ({ caller, params, body, address }) => {
      const { id, domain } = caller.principal.user
      if (params.user_id !== id) {
        const detail = 'Users change their own password here; an administrator sets one by PATCH /v3/users/{user_id}.'
        throw new DomainError('action-forbidden', { detail })
      }
      const user = await accounts.users.get(domain.id, id)
      await accounts.changePassword(user, body.user.original_password, body.user.password, address)
      return { status: 204 }
    },
  })
}
