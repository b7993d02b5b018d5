import type { KeptSnapshot } from '../store/snapshots/snapshot-store.ts'

const DAY_MS = 86_400_000
/** The first day of 1970 was a Thursday; weeks begin on Monday. */
const MONDAY_OFFSET_DAYS = 3

/** The periods in which the first checkpoint is kept, and in how many of the last ones. All are in UTC. */
const PERIODS: readonly { readonly count: number; readonly of: (atMs: number) => number }[] = [
  { count: 2, of: dayOf },
  { count: 4, of: (atMs) => Math.floor((dayOf(atMs) + MONDAY_OFFSET_DAYS) / 7) },
  { count: 6, of: monthOf },
]

/** The most checkpoints that a project keeps. */
export const CHECKPOINTS_MAX = PERIODS.reduce((sum, { count }) => sum + count, 0)

/**
 * Gives the checkpoints to keep: the first of each of the last 2 days, 4 weeks and 6 months that have any. What is kept
 * never depends on one that was thinned out before: the first of a period stays the first.
 */
export function checkpointsToKeep(all: readonly KeptSnapshot[]): readonly KeptSnapshot[] {
  const sorted = all.toSorted((a, b) => a.keptAtMs - b.keptAtMs || a.revision - b.revision)
  const keep = new Set<KeptSnapshot>()
  for (const { count, of } of PERIODS) {
    const firsts = new Map<number, KeptSnapshot>()
    for (const checkpoint of sorted) {
      const period = of(checkpoint.keptAtMs)
      if (!firsts.has(period)) firsts.set(period, checkpoint)
    }
    for (const first of [...firsts.values()].slice(-count)) keep.add(first)
  }
  return sorted.filter((checkpoint) => keep.has(checkpoint))
}

function dayOf(atMs: number): number {
  return Math.floor(atMs / DAY_MS)
}

function monthOf(atMs: number): number {
  const date = new Date(atMs)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}
