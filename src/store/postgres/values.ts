import pg from 'pg'
import type { SqlValue } from '../sql/sql.ts'

// PostgreSQL stores every text but those with NUL, which are escaped so that both engines store the same texts. The
// escape character is U+FFFF, a noncharacter that hardly any text contains; `U+FFFF 0` means NUL and `U+FFFF 1` means
// U+FFFF.
const ESCAPE = '\uFFFF'
const NEEDS_ESCAPE = /[\0\uFFFF]/

/** Type ids of the server's catalogue, which never change. */
const OID = { bigint: 20, text: 25 } as const

/** Returns a value as the driver sends it. Throws for any other type, which the driver would convert to a text. */
export function toBound(value: SqlValue): SqlValue {
  if (value === null) return value
  if (typeof value === 'string') return NEEDS_ESCAPE.test(value) ? escapeText(value) : value
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw new TypeError(`a parameter is ${typeof value} ${String(value)}, but must be a text, an integer or null`)
}

/** The parsers of the driver for the values that the server returns. */
export const valueTypes = {
  getTypeParser: ((oid: number, format?: 'text') => {
    if (oid === OID.bigint) return toSafeInteger
    if (oid === OID.text) return unescapeText
    return pg.types.getTypeParser(oid, format)
  }) as typeof pg.types.getTypeParser,
}

function toSafeInteger(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number))
    throw new RangeError(`the database contains ${text}, which is beyond the safe integers`)
  return number
}

function escapeText(text: string): string {
  return text.replaceAll(ESCAPE, `${ESCAPE}1`).replaceAll('\0', `${ESCAPE}0`)
}

function unescapeText(text: string): string {
  return text.includes(ESCAPE) ? text.replace(/\uFFFF([01])/g, (_pair, which) => (which === '0' ? '\0' : ESCAPE)) : text
}
