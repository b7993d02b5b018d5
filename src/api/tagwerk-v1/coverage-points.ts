import type { Counted, Coverage } from '../../catalog/catalog.ts'
import { TimeSlice } from '../../catalog/time-slice.ts'
import { lastOfWeeks } from '../../core/day.ts'
import { DomainError } from '../../core/errors.ts'
import type { ResourceType } from '../../core/resource-types.ts'
import { COVERAGE_LIMITS } from './limits.ts'

/** Which stored days are read. */
export type PointsRequest = {
  readonly project: string
  readonly keys: readonly string[]
  /** Undefined: all types together. */
  readonly types: readonly ResourceType[] | undefined
  /** Id of the rules for values; empty without any. */
  readonly rules: string
  readonly from: number
  readonly to: number
  readonly interval: 'day' | 'week'
}

/** The counts of a stored day. */
export type CoveragePoint = { readonly day: number; readonly revision: number; readonly counts: readonly Counted[] }

/**
 * Reads stored days, ascending, and names those that are not stored. Of each week the last stored day is given. Throws
 * `request-invalid` for more counts than one answer has.
 */
export async function readPoints(
  coverage: Coverage,
  request: PointsRequest,
): Promise<{ readonly points: readonly CoveragePoint[]; readonly missing: readonly number[] }> {
  const { project, keys, types, rules, from, to, interval } = request
  const stored = await coverage.days(project, from, to)
  const days = new Set(stored.map(({ day }) => day))
  const missing: number[] = []
  for (let day = from; day <= to; day++) if (!days.has(day)) missing.push(day)
  const shown = new Set(interval === 'week' ? lastOfWeeks([...days]) : days)
  refuseTooMany(shown.size * (keys.length + 1) * ((types?.length ?? 0) + 1))
  const points = new Map<number, Counted[]>()
  for (const day of shown) points.set(day, [])
  const slice = new TimeSlice(project)
  for (const key of ['', ...keys]) {
    for (const rulesId of rules === '' || key === '' ? [''] : ['', rules]) {
      const sums = new Map<number, Counted>()
      for (const type of types ?? ['']) {
        const series = { type, key, rules: rulesId }
        for (const { day, ...count } of await coverage.series(project, series, from, to)) {
          const counted = { ...series, ...count }
          points.get(day)?.push(counted)
          if (types !== undefined) sums.set(day, sumOf(sums.get(day), counted))
        }
        if (slice.isOver) await slice.yield()
      }
      for (const [day, sum] of sums) points.get(day)?.push(sum)
    }
  }
  const ofDays = stored.filter(({ day }) => shown.has(day))
  return { points: ofDays.map(({ day, revision }) => ({ day, revision, counts: points.get(day) ?? [] })), missing }
}

function sumOf(sum: Counted | undefined, counted: Counted): Counted {
  if (sum === undefined) return { ...counted, type: '' }
  return {
    ...sum,
    resources: sum.resources + counted.resources,
    tagged: sum.tagged + counted.tagged,
    valid: sum.valid === undefined ? undefined : sum.valid + (counted.valid ?? 0),
  }
}

function refuseTooMany(counts: number): void {
  const { countsMax } = COVERAGE_LIMITS
  if (counts <= countsMax) return
  const [actual, limit] = [counts, countsMax].map((number) => number.toLocaleString('en-GB'))
  const detail = `from: the days have ${actual} counts, and an answer has at most ${limit}: name fewer days, keys or types, or take interval=week.`
  throw new DomainError('request-invalid', { field: 'from', detail })
}
