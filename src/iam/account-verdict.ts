import { DomainError, type ErrorCode, invalid } from '../core/errors.ts'
import type { AccountVerdict } from '../store/account-store.ts'

type Refusal = Exclude<AccountVerdict, 'done'>

const CODES: Readonly<Record<Refusal, ErrorCode>> = {
  absent: 'resource-not-found',
  taken: 'name-taken',
  'last-admin': 'last-administrator',
  'in-use': 'role-in-use',
  full: 'account-quota-exceeded',
  stale: 'credentials-wrong',
  locked: 'action-forbidden',
}

/** Throws the error of any verdict but `done`. `errors` replace the default error of a verdict, to add facts to it. */
export function throwUnlessDone(verdict: AccountVerdict, errors: Partial<Record<Refusal, DomainError>> = {}): void {
  if (verdict !== 'done') throw errors[verdict] ?? new DomainError(CODES[verdict])
}

/** The error for a domain that has as many records of a kind as it may have. */
export function quotaExceeded(field: string, limit: number): DomainError {
  return invalid(field, { name: 'items-max', limit }, undefined, 'domain-quota-exceeded')
}
