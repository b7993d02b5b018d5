import type { Caller } from '../api/route.ts'
import { DomainError } from '../core/errors.ts'
import type { Accounts } from '../iam/accounts.ts'

type Headers = Readonly<Record<string, string | string[] | undefined>>

/**
 * Finds out who asks. Throws `token-missing`, `token-unreadable`, `token-expired`, `token-revoked`.
 * NOTE: signed requests (AK/SK) come in here, as a second way beside the token; until then they are refused by name.
 */
export async function authenticate(accounts: Accounts, headers: Headers): Promise<Caller> {
  const token = headers['x-auth-token']
  if (typeof token === 'string' && token !== '') return accounts.authenticate(token)
  if (headers.authorization?.includes('HMAC-SHA256')) throw new DomainError('signature-unsupported')
  throw new DomainError('token-missing')
}
