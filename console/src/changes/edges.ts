/** Intervals of time, each with its beginning. */
export type Intervals = { readonly interval: string; readonly points: readonly { readonly at: string }[] }

const DAY_MS = 86_400_000
const LENGTHS_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: DAY_MS }

/**
 * The times between which intervals lie: the beginning of each, and the end of the last one. The changes of interval i are between
 * edge i and edge i + 1.
 */
export function edgesOf({ interval, points }: Intervals): readonly string[] {
  const last = points.at(-1)
  if (last === undefined) return []
  const length = LENGTHS_MS[interval]
  const start = new Date(last.at)
  const end =
    length === undefined ? Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1) : start.getTime() + length
  return [...points.map(({ at }) => at), new Date(end).toISOString()]
}

/** The edge that is nearest to a time, or to `now` the last one. */
export function edgeAt(edges: readonly string[], atMs: number): number {
  const after = edges.findIndex((edge) => Date.parse(edge) >= atMs)
  if (after === -1) return Math.max(0, edges.length - 1)
  if (after === 0) return 0
  const [low, high] = [Date.parse(edges[after - 1] as string), Date.parse(edges[after] as string)]
  return atMs - low < high - atMs ? after - 1 : after
}

const UNITS = {
  year: { start: 0, end: 4 },
  month: { start: 0, end: 7 },
  day: { start: 0, end: 10 },
  hour: { start: 0, end: 13 },
} as const
export type TickUnit = keyof typeof UNITS

/** A place on the axis of time. */
export type Tick = { readonly edge: number; readonly at: string; readonly unit: TickUnit }

/** The edges at which a year, month, day or hour begins: the coarsest unit of which there are enough. */
export function ticksOf(edges: readonly string[], max = 8): readonly Tick[] {
  for (const unit of ['year', 'month', 'day', 'hour'] as const) {
    const ticks = startsOf(edges, unit)
    if (ticks.length < 3 && unit !== 'hour') continue
    const step = Math.ceil(ticks.length / max)
    return ticks.filter((_, i) => i % step === 0)
  }
  return []
}

function startsOf(edges: readonly string[], unit: TickUnit): readonly Tick[] {
  const { start, end } = UNITS[unit]
  return edges.flatMap((at, edge) => {
    const before = edges[edge - 1]
    const isStart = before !== undefined && before.slice(start, end) !== at.slice(start, end)
    return isStart ? [{ edge, at, unit }] : []
  })
}
