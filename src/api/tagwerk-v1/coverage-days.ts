import { Type } from 'typebox'
import type { Clock } from '../../core/clock.ts'
import { dayText, lastSettledDay, parseDay } from '../../core/day.ts'
import { invalid } from '../../core/errors.ts'
import { COVERAGE_LIMITS } from './limits.ts'

/** Schema of a day. */
export function dayParameter(description: string) {
  return Type.String({ description: `${description} Such as 2026-01-31, in UTC.` })
}

/**
 * Parses the days from one to another, both included; by default up to the last one that is over. Throws
 * `request-invalid`.
 */
export function toDays(
  { from, to }: { readonly from: string; readonly to?: string | undefined },
  clock: Clock,
): { readonly from: number; readonly to: number } {
  const last = lastSettledDay(clock())
  const days = { from: toDay(from, 'from'), to: to === undefined ? last : toDay(to, 'to') }
  if (days.to > last) {
    const what = `a day that is over for five minutes: at most ${dayText(last)}`
    throw invalid('to', { name: 'well-formed', what }, to)
  }
  if (days.from > days.to) {
    throw invalid('from', { name: 'well-formed', what: `a day that is not after ${dayText(days.to)}` }, from)
  }
  const { daysMax } = COVERAGE_LIMITS
  if (days.to - days.from >= daysMax) {
    const what = `a day that is at most ${daysMax - 1} days before ${dayText(days.to)}`
    throw invalid('from', { name: 'well-formed', what }, from)
  }
  return days
}

function toDay(text: string, field: string): number {
  const day = parseDay(text)
  if (day === undefined) throw invalid(field, { name: 'well-formed', what: 'a day such as 2026-01-31' }, text)
  return day
}
