import { DomainError } from '../../core/errors.ts'
import type { TaurusdbErrorCode } from './error-codes.ts'
import { INSTANCE_ID_PATTERN } from './limits.ts'

/**
 * Returns the result for one instance. Converts `resource-not-found` to `resource-id-malformed` for a malformed id
 * (contract D22). Only then, because an import may register instances under other ids.
 */
export async function checkInstanceId<T>(id: string, result: Promise<T>): Promise<T> {
  try {
    return await result
  } catch (error) {
    const isMissing = error instanceof DomainError && error.code === 'resource-not-found'
    throw isMissing && !INSTANCE_ID_PATTERN.test(id)
      ? new DomainError<TaurusdbErrorCode>('resource-id-malformed', error.facts)
      : error
  }
}
