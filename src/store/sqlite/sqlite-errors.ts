import type { StoreFailure } from '../store.ts'

/** Result codes of SQLite (https://www.sqlite.org/rescode.html), without the extension in the higher bits. */
export const SQLITE = { BUSY: 5, READONLY: 8, IOERR: 10, CORRUPT: 11, FULL: 13, CANTOPEN: 14, NOTADB: 26 } as const

/** Returns the result code of an error of SQLite, or of its cause; undefined for any other error. */
export function sqliteCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined
  const { errcode } = error as { readonly errcode?: number }
  return typeof errcode === 'number' ? errcode & 0xff : sqliteCodeOf(error.cause)
}

/** Codes of the operating system for a disk that cannot be written to. */
const UNWRITABLE_DISK: Readonly<Record<string, StoreFailure>> = { ENOSPC: 'full', EDQUOT: 'full', EROFS: 'read-only' }
const UNWRITABLE_FILE: readonly (number | undefined)[] = [SQLITE.READONLY, SQLITE.IOERR, SQLITE.FULL, SQLITE.CANTOPEN]

/** True when an error may say that the disk cannot be written to, while it can still be read. */
export function isUnwritable(error: unknown): boolean {
  return diskFailureOf(error) !== undefined || UNWRITABLE_FILE.includes(sqliteCodeOf(error))
}

function diskFailureOf(error: unknown): StoreFailure | undefined {
  return UNWRITABLE_DISK[(error as NodeJS.ErrnoException).code ?? '']
}

/** True for an error of the disk, after which the engine may believe in writes that are lost. */
export function isDiskError(error: unknown): boolean {
  return sqliteCodeOf(error) === SQLITE.IOERR
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

/** Classifies an error of SQLite, or of the disk, for callers of the service. */
export function failureOf(error: unknown): StoreFailure {
  return diskFailureOf(error) ?? FAILURES[sqliteCodeOf(error) ?? 0] ?? 'other'
}
