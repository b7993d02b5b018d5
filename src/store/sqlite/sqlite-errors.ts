/** Result codes of SQLite (https://www.sqlite.org/rescode.html), without the extension in the higher bits. */
export const SQLITE = { READONLY: 8, IOERR: 10, CORRUPT: 11, FULL: 13, CANTOPEN: 14, NOTADB: 26 } as const

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
