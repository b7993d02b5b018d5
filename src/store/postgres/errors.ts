import pg from 'pg'
import { StoreUnavailable } from '../store.ts'

/** Thrown when the connection was lost during a commit: either all writes of the transaction took effect, or none. */
export class OutcomeUnknown extends StoreUnavailable {}

/** Serialization failure and deadlock. */
const RETRYABLE = new Set(['40001', '40P01'])

/** Too many connections: the server is reachable and serves other clients. */
const OUT_OF_CONNECTIONS = new Set(['53300'])

/** Codes with which the server closes a connection: shutdown, or a timeout of a transaction. */
const ENDS_CONNECTION = /^(57P|08|25P0[34])/

/** True for serialization failures and deadlocks: the transaction was rolled back and can be retried. */
export function isRetryable(error: unknown): boolean {
  return isServerError(error) && RETRYABLE.has(error.code ?? '')
}

/** True when the server has reached its maximum of connections. */
export function isOutOfConnections(error: unknown): boolean {
  return isServerError(error) && OUT_OF_CONNECTIONS.has(error.code ?? '')
}

/**
 * True when one statement failed and the connection stays usable. Decided by the code, because the server may translate
 * the severity into its language.
 */
export function isStatementError(error: unknown): error is pg.DatabaseError {
  return isServerError(error) && !ENDS_CONNECTION.test(error.code ?? '')
}

function isServerError(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError
}

/** Describes an error in one line, without the parameters of the statement. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as NodeJS.ErrnoException
  // When a host name has several addresses, the error for all of them has no message.
  const message = error instanceof AggregateError ? error.errors.map(describeError).join(', ') : error.message
  return message || code || error.name
}
