import { describe, expect, it } from 'vitest'
import { momentText, shownTime, toMoment, toTime } from '../../src/cli/moment.ts'

const NOW = new Date(2026, 2, 15, 12, 30, 15).getTime()
const local = (...parts: [number, number, number, number?, number?, number?]) => new Date(...parts).getTime()

describe('a time on a command line', () => {
  it.each([
    ['now', NOW],
    ['today', local(2026, 2, 15)],
    ['yesterday', local(2026, 2, 14)],
    ['Yesterday', local(2026, 2, 14)],
    ['90s', NOW - 90_000],
    ['30m', NOW - 1_800_000],
    ['2h', NOW - 7_200_000],
    ['3d', NOW - 3 * 86_400_000],
    ['2w', NOW - 14 * 86_400_000],
    ['2026-01-31', local(2026, 0, 31)],
    ['2026-01-31T12:05', local(2026, 0, 31, 12, 5)],
    ['2026-01-31 12:05:07', local(2026, 0, 31, 12, 5, 7)],
    ['2026-01-31T12:05:07.25Z', Date.UTC(2026, 0, 31, 12, 5, 7, 250)],
    ['2026-01-31T12:05+02:00', Date.UTC(2026, 0, 31, 10, 5)],
    ['2026-01-31T12:05:00.123456789Z', Date.UTC(2026, 0, 31, 12, 5, 0, 123)],
  ])('%s is a moment', (text, atMs) => {
    expect(toTime('since', text, NOW)).toBe(atMs)
    expect(toMoment('from', text, NOW)).toEqual({ atMs })
  })

  it.each(['', 'soon', '2x', '2026-02-30', '2026-13-01', '2026-02-30T10:00', '2026-01-31T25:00', '2h ago', '-2h'])(
    'not %j',
    (text) => {
      expect(() => toTime('since', text, NOW)).toThrow(`--since must be a time, such as yesterday, 2h, 2026-01-31`)
      expect(() => toMoment('from', text, NOW)).toThrow('--from must be a revision or a time')
    },
  )

  it('is a revision in digits, where one is allowed', () => {
    expect(toMoment('from', '812', NOW)).toEqual({ revision: 812 })
    expect(() => toTime('since', '812', NOW)).toThrow('--since must be a time')
  })

  it('is sent as a revision, or in UTC', () => {
    expect(momentText({ revision: 812 })).toBe('812')
    expect(momentText({ atMs: Date.UTC(2026, 0, 31) })).toBe('2026-01-31T00:00:00.000Z')
  })
})

describe('a shown time', () => {
  it.each([
    [0, 'now'],
    [-5000, 'now'],
    [999, 'now'],
    [1000, '1 second ago'],
    [59_999, '59 seconds ago'],
    [60_000, '1 minute ago'],
    [7_200_000, '2 hours ago'],
    [86_400_000, '1 day ago'],
    [400 * 86_400_000, '400 days ago'],
  ])('of %d milliseconds ago is local, with its age: %s', (age, text) => {
    const at = new Date(NOW - age)
    const shown = shownTime(at.toISOString(), NOW)
    expect(shown).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(/)
    expect(shown).toContain(`(${text})`)
    expect(new Date(shown.slice(0, 19).replace(' ', 'T')).getTime()).toBe(Math.floor(at.getTime() / 1000) * 1000)
  })
})
