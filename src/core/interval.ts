/** Lengths of time in which changes are counted, in UTC, the finest first. */
export const INTERVALS = ['minute', 'hour', 'day', 'month'] as const
export type Interval = (typeof INTERVALS)[number]

/** More than a reader can tell apart. */
const SUITABLE = 750

const LENGTHS_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

/** Gives the first millisecond of the interval that a time is in. */
export function startOfInterval(interval: Interval, atMs: number): number {
  if (interval !== 'month') return Math.floor(atMs / LENGTHS_MS[interval]) * LENGTHS_MS[interval]
  const date = new Date(atMs)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth())
}

/** Gives the first millisecond of the interval after the one that begins at a time. */
export function nextInterval(interval: Interval, startMs: number): number {
  if (interval !== 'month') return startMs + LENGTHS_MS[interval]
  const date = new Date(startMs)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)
}

/** Gives how many intervals two times are in, and lie between them. */
export function intervalsBetween(interval: Interval, fromMs: number, toMs: number): number {
  if (interval !== 'month') {
    const length = LENGTHS_MS[interval]
    return Math.floor(toMs / length) - Math.floor(fromMs / length) + 1
  }
  const [from, to] = [new Date(fromMs), new Date(toMs)]
  return (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth() + 1
}

/** Gives the finest interval of which a reader can look at all between two times. */
export function suitableInterval(fromMs: number, toMs: number): Interval {
  return INTERVALS.find((interval) => intervalsBetween(interval, fromMs, toMs) <= SUITABLE) ?? 'month'
}
