import { DomainError } from '../../core/errors.ts'
import type { TaurusdbErrorCode } from './error-codes.ts'
import { INSTANCE_ID_PATTERN } from './limits.ts'

/** Other calls of the vendor below `/instances/`, which no route serves [PS]. No instance has such an id (D22). */
const OTHER_CALLS = [
  'details',
  'diagnosis-instance-count',
  'diagnosis-instance-infos',
  'recycle-info',
  'recycle-policy',
  'restore',
]

/**
 * The path of one instance. A call that is missing is answered as an unknown path, not as an instance with a malformed
 * id. The expression ends each name by `(?![^/])`, because the end mark `$)` is the end of the whole expression.
 */
export const INSTANCE_PATH = `/v3/{project_id}/instances/{instance_id}(^(?!(?:${OTHER_CALLS.join('|')})(?![^/]))[^/]+$)`

/**
 * Returns the result for one instance. Converts `resource-not-found` to `resource-id-malformed` for a malformed id
 * (contract D22). Only then, because an import may register instances under other ids.
 */
export async function checkInstanceId<T>(id: string, result: Promise<T>): Promise<T> {
  try {
    return await result
  } catch (error) {
    const isMissing = error instanceof DomainError && error.code === 'resource-not-found'
    if (!isMissing || INSTANCE_ID_PATTERN.test(id)) throw error
    const rule = { name: 'well-formed', what: '32 letters and digits followed by in07' } as const
    throw new DomainError<TaurusdbErrorCode>('resource-id-malformed', { ...error.facts, rule })
  }
}
