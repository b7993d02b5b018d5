import { describe, expect, it } from 'vitest'
import {
  INTERVALS,
  intervalsBetween,
  nextInterval,
  startOfInterval,
  suitableInterval,
} from '../../src/core/interval.ts'
import { Random } from '../support/random.ts'

const at = (text: string) => Date.parse(text)
const text = (ms: number) => new Date(ms).toISOString()

describe('intervals of time', () => {
  it.each([
    ['minute', '2026-01-31T23:59:00.000Z', '2026-02-01T00:00:00.000Z'],
    ['hour', '2026-01-31T23:00:00.000Z', '2026-02-01T00:00:00.000Z'],
    ['day', '2026-01-31T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
    ['month', '2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
  ] as const)('a %s has its start and its next one in UTC', (interval, start, next) => {
    expect(text(startOfInterval(interval, at('2026-01-31T23:59:59.999Z')))).toBe(start)
    expect(text(nextInterval(interval, at(start)))).toBe(next)
  })

  it('the month after December is January of the next year', () => {
    expect(text(nextInterval('month', at('2026-12-01T00:00:00Z')))).toBe('2027-01-01T00:00:00.000Z')
  })

  it('as many are between two times as steps lead from the first to the last', () => {
    const random = new Random(7)
    for (let round = 0; round < 200; round++) {
      const interval = random.pick(INTERVALS)
      const from = at('2024-01-01T00:00:00Z') + random.below(400 * 86_400_000)
      const days = interval === 'month' ? 900 : interval === 'day' ? 40 : 1
      const to = from + random.below(days * 86_400_000)
      let steps = 0
      for (let each = startOfInterval(interval, from); each <= to; each = nextInterval(interval, each)) steps++
      expect(intervalsBetween(interval, from, to), `${interval} from ${text(from)} to ${text(to)}`).toBe(steps)
    }
  })

  it.each([
    ['2026-01-01T12:00:00Z', 'minute'],
    ['2026-01-01T12:29:59Z', 'minute'],
    ['2026-01-01T12:30:00Z', 'hour'],
    ['2026-02-01T00:00:00Z', 'hour'],
    ['2026-02-02T00:00:00Z', 'day'],
    ['2028-06-01T00:00:00Z', 'month'],
    ['2999-01-01T00:00:00Z', 'month'],
  ] as const)('from the first of January 2026 to %s the suitable one is a %s', (to, interval) => {
    expect(suitableInterval(at('2026-01-01T00:00:00Z'), at(to))).toBe(interval)
  })
})
