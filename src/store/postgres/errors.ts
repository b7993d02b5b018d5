import pg from 'pg'
import { type StoreFailure, StoreUnavailable } from '../store.ts'

/** Thrown when the connection was lost during a commit: either all writes of the transaction took effect, or none. */
export class OutcomeUnknown extends StoreUnavailable {}

/** What server errors mean for callers of the service; any other breaks the connection, or is unknown. */
const FAILURES: Readonly<Record<string, StoreFailure>> = {
  '53100': 'full',
  '58030': 'disk',
  '25006': 'read-only',
  XX001: 'damaged',
  XX002: 'damaged',
  '57014': 'busy',
  '55P03': 'busy',
  '53300': 'busy',
  '40001': 'busy',
  '40P01': 'busy',
}

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

/** Classifies an error of the server or the network for callers of the service. */
export function failureOf(error: unknown): StoreFailure {
  if (error instanceof StoreUnavailable) return error.failure
  return (isServerError(error) && FAILURES[error.code ?? '']) || (isStatementError(error) ? 'other' : 'unreachable')
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
