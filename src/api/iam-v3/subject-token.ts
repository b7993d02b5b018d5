import { DomainError, invalid } from '../../core/errors.ts'
import type { Accounts, Session } from '../../iam/accounts.ts'
import { ADMIN_ROLE } from '../../store/account-records.ts'
import type { Caller } from '../route.ts'
import type { IamErrorCode } from './error-codes.ts'
import { subjectTokenHeader } from './schemas.ts'

/**
 * Authenticates the token in `X-Subject-Token`. Throws `subject-token-not-found` for an invalid token, and
 * `action-forbidden` for the token of another user, unless the caller is an administrator of that user's domain.
 */
export async function subjectSession(
  accounts: Accounts,
  caller: Caller,
  headers: Readonly<Record<string, string | undefined>>,
): Promise<Session & { readonly token: string }> {
  const token = headers[subjectTokenHeader]
  if (token === undefined || token === '') throw invalid('X-Subject-Token', { name: 'required' })
  const session = await accounts.authenticate(token).catch((error: unknown) => {
    const isBadToken = error instanceof DomainError && error.code.startsWith('token-')
    throw isBadToken ? new DomainError<IamErrorCode>('subject-token-not-found') : error
  })
  const { principal } = caller
  const isOwn = session.principal.user.id === principal.user.id
  const isAdmin =
    principal.scope.kind === 'domain' &&
    principal.scope.domain.id === session.principal.user.domain.id &&
    principal.roles.includes(ADMIN_ROLE)
  if (!isOwn && !isAdmin) {
    const detail = `Tokens of other users are shown and revoked with a token of the domain and the role ${ADMIN_ROLE}.`
    throw new DomainError('action-forbidden', { detail })
  }
  return { ...session, token }
}
