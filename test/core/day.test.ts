import { expect, it } from 'vitest'
import { dayOf, dayText, lastOfWeeks, lastSettledDay, parseDay, startOfDay } from '../../src/core/day.ts'

it('a day is that of its time in UTC, from its first to its last millisecond', () => {
  const day = parseDay('2026-11-29') as number
  expect(startOfDay(day)).toBe(Date.UTC(2026, 10, 29))
  expect([dayOf(startOfDay(day)), dayOf(startOfDay(day + 1) - 1), dayOf(startOfDay(day) - 1)]).toEqual([
    day,
    day,
    day - 1,
  ])
  expect(dayText(day)).toBe('2026-11-29')
})

it('a text that is no day of the calendar is not taken for one', () => {
  expect(dayText(parseDay('2024-02-29') as number)).toBe('2024-02-29')
  for (const text of [
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '26-01-01',
    '2026-1-1',
    '2026-01-01T00:00Z',
    'today',
    '',
  ]) {
    expect([text, parseDay(text)]).toEqual([text, undefined])
  }
})

it('a day is settled five minutes after its end', () => {
  const midnight = Date.UTC(2026, 10, 29)
  expect(dayText(lastSettledDay(midnight + 299_999))).toBe('2026-11-27')
  expect(dayText(lastSettledDay(midnight + 300_000))).toBe('2026-11-28')
})

it('the last day of each week is kept, and weeks begin on Monday', () => {
  const days = ['2026-11-20', '2026-11-22', '2026-11-23', '2026-11-29', '2026-12-07', '2026-12-09']
  const last = lastOfWeeks(days.map((text) => parseDay(text) as number))
  expect(last.map(dayText)).toEqual(['2026-11-22', '2026-11-29', '2026-12-09'])
  expect(lastOfWeeks([])).toEqual([])
})
