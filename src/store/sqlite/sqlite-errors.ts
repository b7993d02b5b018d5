import type { StoreFailure } from '../store.ts'

/** Result codes of SQLite (https://www.sqlite.org/rescode.html), without the extension in the higher bits. */
export const SQLITE = { BUSY: 5, READONLY: 8, IOERR: 10, CORRUPT: 11, FULL: 13, CANTOPEN: 14, NOTADB: 26 } as const

/** Returns the result code of an error of SQLite, or of its cause; undefined for any other error. */
export function sqliteCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined
  const { errcode } = error as { readonly errcode?: number }
  return typeof errcode === 'number' ? errcode & 0xff : sqliteCodeOf(error.cause)
}

/** True when an error says that the content of a database file is damaged. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCodeOf(error)
  return code === SQLITE.CORRUPT || code === SQLITE.NOTADB
}

const FAILURES: Readonly<Record<number, StoreFailure>> = {
  [SQLITE.BUSY]: 'busy',
  [SQLITE.READONLY]: 'read-only',
  [SQLITE.IOERR]: 'disk',
  [SQLITE.CORRUPT]: 'damaged',
  [SQLITE.FULL]: 'full',
  [SQLITE.CANTOPEN]: 'disk',
  [SQLITE.NOTADB]: 'damaged',
}

/** Classifies an error of SQLite for callers of the service. */
export function failureOf(error: unknown): StoreFailure {
  return FAILURES[sqliteCodeOf(error) ?? 0] ?? 'other'
}
