import { randomUUID } from 'node:crypto'
import { DomainError, type ErrorCode, invalid } from '../core/errors.ts'
import type { AccountVerdict } from '../store/account-store.ts'

/** 32 hexadecimal digits, the form of ids of this API family. */
export function newId(): string {
  return randomUUID().replaceAll('-', '')
}

/** The failure of a call that names a record which is not there, or not the caller's to see. */
export function notFound(field: string, what: string, value: string): DomainError {
  return invalid(field, { name: 'well-formed', what }, value, 'resource-not-found')
}

/** What each verdict but `done` is called when it is told to the caller. */
const REFUSALS: Readonly<Record<Exclude<AccountVerdict, 'done'>, ErrorCode>> = {
  absent: 'resource-not-found',
  taken: 'name-taken',
  'last-admin': 'last-administrator',
  'in-use': 'role-in-use',
  full: 'account-quota-exceeded',
  stale: 'credentials-wrong',
  locked: 'action-forbidden',
}

/** Lets a change that was made pass. Throws what the verdict says otherwise; `refusals` are failures with facts. */
export function demandDone(
  verdict: AccountVerdict,
  refusals: Partial<Record<Exclude<AccountVerdict, 'done'>, DomainError>> = {},
): void {
  if (verdict !== 'done') throw refusals[verdict] ?? new DomainError(REFUSALS[verdict])
}
