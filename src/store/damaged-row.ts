import { DomainError } from '../core/errors.ts'

/** Thrown for a stored row whose content makes no sense, such as tags that are no JSON. */
export class DamagedRow extends Error {
  /** Type and id of the resource, such as `images i1`, or kind and id of a record of accounts, such as `user u1`. */
  readonly resource: string
  /** The revision of a row of the change log; undefined for the row of a resource. */
  readonly revision: number | undefined

  constructor(resource: string, revision: number | undefined, cause: unknown) {
    const row = revision === undefined ? `the row of ${resource}` : `change ${revision} in the log, of ${resource},`
    super(`${row} is damaged: ${(cause as Error).message}`, { cause })
    this.resource = resource
    this.revision = revision
  }
}

/** The error for a caller whose call needs a damaged row. */
export function rowDamaged({ resource, cause }: DamagedRow): DomainError {
  const reason = (cause as Error).message
  return new DomainError('internal', { detail: `The stored row of ${resource} is damaged: ${reason}.` })
}
