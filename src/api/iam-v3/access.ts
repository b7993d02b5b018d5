import { DomainError } from '../../core/errors.ts'
import type { AccessKey } from '../../iam/access-keys.ts'
import { keyNotFound } from '../../iam/access-keys.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { mayManage } from '../../iam/authorize.ts'
import type { User } from '../../iam/users.ts'
import type { Caller } from '../route.ts'

/**
 * Gives the domain that a caller works in. Throws `scope-forbidden` when the call names another: whether or not there is
 * one.
 */
export function domainOf({ principal }: Caller, named?: string): string {
  const { id } = principal.scope.domain
  if (named !== undefined && named !== id) throw new DomainError('scope-forbidden')
  return id
}

/**
 * Gives the user that a call is about: the caller, or with a domain's token and a role that allows the action any user of
 * the domain. Throws `action-forbidden`, and to those who may know `resource-not-found`.
 */
export async function userFor(accounts: Accounts, { principal }: Caller, id: string, action: string): Promise<User> {
  if (id === principal.user.id) return accounts.users.get(principal.user.domain.id, id)
  if (!mayManage(principal, action)) throw new DomainError('action-forbidden')
  return accounts.users.get(principal.scope.domain.id, id)
}

/** Gives the access key that a call is about. A key of somebody else is not there, except for those who manage users. */
export async function accessKeyFor(
  accounts: Accounts,
  { principal }: Caller,
  accessKey: string,
  action: string,
): Promise<AccessKey> {
  const key = await accounts.accessKeys.get(accessKey)
  if (key.userId === principal.user.id) return key
  const isManaged =
    mayManage(principal, action) &&
    (await accounts.users.list(principal.scope.domain.id)).some(({ id }) => id === key.userId)
  if (!isManaged) throw keyNotFound(accessKey)
  return key
}
