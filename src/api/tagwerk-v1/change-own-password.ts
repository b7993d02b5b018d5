import { Type } from 'typebox'
import { DomainError } from '../../core/errors.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { PASSWORD_CHARACTERS_MAX } from '../../iam/password-rules.ts'
import { defineRoute, type Route } from '../route.ts'
import type { TagwerkErrorCode } from './error-codes.ts'
import { newPassword } from './user-account.ts'

/** Changes the caller's own password, and revokes all tokens and sessions of the caller (contract 10.96). */
export function changeOwnPassword(accounts: Accounts): Route {
  return defineRoute({
    id: 'ChangeOwnPassword',
    method: 'PUT',
    path: '/tagwerk/v1/session/password',
    summary: "Change the caller's own password",
    access: 'any',
    action: 'iam:users:updatePassword',
    hidesValues: true,
    body: Type.Object({
      original_password: Type.String({ maxLength: PASSWORD_CHARACTERS_MAX }),
      password: newPassword,
    }),
    responses: { 204: null },
    handle: async ({ caller, body, address }) => {
      const { id, domain } = caller.principal.user
      const user = await accounts.users.get(domain.id, id)
      try {
        await accounts.changePassword(user, body.original_password, body.password, address)
      } catch (error) {
        throw ownError(error)
      }
      return { status: 204 }
    },
  })
}

/** A wrong password is a fault of the body here: with 401 a client would take its session for ended. */
function ownError(error: unknown): unknown {
  const isWrong = error instanceof DomainError && error.code === 'credentials-wrong'
  return isWrong ? new DomainError<TagwerkErrorCode>('password-wrong') : error
}
