const DAY_MS = 86_400_000
const SETTLE_MS = 300_000
/** 1 January 1970 was a Thursday. */
const DAYS_FROM_MONDAY = 3
const PATTERN = /^\d{4}-\d\d-\d\d$/

/** Gives the day of a time in UTC, as the number of days since 1 January 1970. */
export function dayOf(atMs: number): number {
  return Math.floor(atMs / DAY_MS)
}

/** Gives the first millisecond of a day. */
export function startOfDay(day: number): number {
  return day * DAY_MS
}

/** Gives the last day whose changes are all committed: a write that was received before midnight may wait for a while. */
export function lastSettledDay(nowMs: number): number {
  return dayOf(nowMs - SETTLE_MS) - 1
}

/** Gives a day as `2026-01-31`. */
export function dayText(day: number): string {
  return new Date(startOfDay(day)).toISOString().slice(0, 10)
}

/** Parses `2026-01-31`; undefined for another text, or a day that no month has. */
export function parseDay(text: string): number | undefined {
  const atMs = PATTERN.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(atMs)) return undefined
  const day = dayOf(atMs)
  // `Date.parse` takes 30 February for 2 March.
  return dayText(day) === text ? day : undefined
}

/** Gives the last of some ascending days in each week, which begins on Monday. */
export function lastOfWeeks(days: readonly number[]): readonly number[] {
  const weekOf = (day: number) => Math.floor((day + DAYS_FROM_MONDAY) / 7)
  return days.filter((day, i) => {
    const next = days[i + 1]
    return next === undefined || weekOf(next) !== weekOf(day)
  })
}
