import pg from 'pg'
import { StoreUnavailable } from '../store.ts'

/** Thrown when the connection went while a commit was under way: the writes are there whole, or not at all. */
export class OutcomeUnknown extends StoreUnavailable {}

/** Codes of the server for a transaction that it undid because of others, and that may do better the next time. */
const UNDONE_FOR_OTHERS = new Set(['40001', '40P01'])

/** Codes of the server when it has no connection left for us: it is there, and does its work for others. */
const NO_CONNECTION_LEFT = new Set(['53300'])

/** Codes with which the server ends a connection: it shuts down, or the transaction was idle or took too long. */
const ENDS_CONNECTION = /^(57P|08|25P0[34])/

/** True when the server undid a transaction because of others at the same time, so that it can be tried again. */
export function isRetryable(error: unknown): boolean {
  return isOfServer(error) && UNDONE_FOR_OTHERS.has(error.code ?? '')
}

/** True when the server has no connection left. */
export function isOutOfConnections(error: unknown): boolean {
  return isOfServer(error) && NO_CONNECTION_LEFT.has(error.code ?? '')
}

/**
 * True when the server refused one statement and keeps the connection. Known by its code: the word for how bad it is
 * comes in the server's language.
 */
export function isStatementError(error: unknown): error is pg.DatabaseError {
  return isOfServer(error) && !ENDS_CONNECTION.test(error.code ?? '')
}

function isOfServer(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError
}

/** Says in one line what went wrong, without the values that statements were given. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as NodeJS.ErrnoException
  // Where a name has several addresses, the failure of the whole has no words of its own.
  const words = error instanceof AggregateError ? error.errors.map(describeError).join(', ') : error.message
  return words || code || error.name
}
