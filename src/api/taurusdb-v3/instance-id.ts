import { DomainError } from '../../core/errors.ts'
import type { TaurusdbErrorCode } from './error-codes.ts'
import { INSTANCE_ID_PATTERN } from './limits.ts'

/**
 * Waits for what a call asks of one instance. Any id that exists is right; of those that do not, a malformed one has an
 * answer of its own: `resource-id-malformed` instead of `resource-not-found` (contract D22).
 */
export async function ofInstance<T>(id: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const isMissing = error instanceof DomainError && error.code === 'resource-not-found'
    throw isMissing && !INSTANCE_ID_PATTERN.test(id)
      ? new DomainError<TaurusdbErrorCode>('resource-id-malformed', error.facts)
      : error
  }
}
