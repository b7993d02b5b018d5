const PATTERN = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/

/** The times of CEL: the years 1 to 9999. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z')
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z')

/** Parses a time of RFC 3339 with at most milliseconds, to milliseconds since 1970 UTC. Undefined for any other text. */
export function parseTimestamp(text: string): number | undefined {
  const found = PATTERN.exec(text)
  if (found === null) return undefined
  const [, year, month, day, hour, minute, second] = found.map(Number) as [number, ...number[]]
  const offset = found[8] as string
  if (offset !== 'Z' && (Number(offset.slice(1, 3)) > 23 || Number(offset.slice(4)) > 59)) return undefined
  const date = new Date(0)
  date.setUTCFullYear(year as number, (month as number) - 1, day)
  const isDate = date.getUTCMonth() + 1 === month && date.getUTCDate() === day
  if (!isDate || (hour as number) > 23 || (minute as number) > 59 || (second as number) > 59) return undefined
  const atMs = Date.parse(text)
  return atMs >= FIRST_MS && atMs <= LAST_MS ? atMs : undefined
}
