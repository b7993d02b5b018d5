import pg from 'pg'
import type { SqlValue } from '../sql/sql.ts'

// PostgreSQL keeps every text but those with NUL in them. Such a text is kept with an escape, so that both engines keep
// the same: U+FFFF, which is no character and so hardly ever met, begins a pair that stands for NUL or for itself.
const ESCAPE = '\uFFFF'
const NEEDS_ESCAPE = /[\0\uFFFF]/

/** Type numbers of the server's catalogue, which never change. */
const OID = { bigint: 20, text: 25 } as const

/**
 * Gives a value as the driver is to send it. Throws for what is no text, whole number or null: the driver would make
 * some text of it.
 */
export function toBound(value: SqlValue): SqlValue {
  if (value === null) return value
  if (typeof value === 'string') return NEEDS_ESCAPE.test(value) ? escapeText(value) : value
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw new TypeError(`a statement was given ${typeof value} ${String(value)} where a text or a whole number goes`)
}

/** How the driver reads what comes back. */
export const valueTypes = {
  getTypeParser: ((oid: number, format?: 'text') => {
    if (oid === OID.bigint) return toSafeInteger
    if (oid === OID.text) return unescapeText
    return pg.types.getTypeParser(oid, format)
  }) as typeof pg.types.getTypeParser,
}

function toSafeInteger(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new RangeError(`the database holds ${text}, which no number here can be`)
  return number
}

function escapeText(text: string): string {
  return text.replaceAll(ESCAPE, `${ESCAPE}1`).replaceAll('\0', `${ESCAPE}0`)
}

function unescapeText(text: string): string {
  return text.includes(ESCAPE) ? text.replace(/\uFFFF([01])/g, (_pair, which) => (which === '0' ? '\0' : ESCAPE)) : text
}
