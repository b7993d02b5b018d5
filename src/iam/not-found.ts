import { type DomainError, invalid } from '../core/errors.ts'

/** The error for an id that does not exist or that the caller may not see; `what` describes a valid value. */
export function notFound(field: string, what: string, value: string): DomainError {
  return invalid(field, { name: 'well-formed', what }, value, 'resource-not-found')
}
