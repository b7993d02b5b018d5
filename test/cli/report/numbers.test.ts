import { expect, it } from 'vitest'
import { daysBetween, Numbers, percentOf } from '../../../src/cli/report/numbers.ts'

it('only all are 100 percent, and only none are 0 percent', () => {
  expect([percentOf(0, 10), percentOf(10, 10), percentOf(0, 0)]).toEqual(['0', '100', '0'])
  expect([percentOf(1, 1000), percentOf(999, 1000), percentOf(1, 3)]).toEqual(['<1', '99', '33'])
})

it('numbers and times are written as readers of the language write them, times by UTC', () => {
  const [en, zh] = [new Numbers('en-GB'), new Numbers('zh-CN')]
  expect([en.count(12345), en.share(1, 3), en.day('2026-03-09')]).toEqual(['12,345', '33%', '9 Mar'])
  expect(en.moment('2026-03-09T23:05:00+01:00')).toBe('9 March 2026 at 22:05 UTC')
  expect([zh.moment('2026-03-09T22:05:00Z'), zh.day('2026-03-09')]).toEqual(['2026年3月9日 22:05 UTC', '3月9日'])
})

it('the days between two times are at least one', () => {
  expect(daysBetween('2026-03-02T10:00:00Z', '2026-03-09T10:00:00Z')).toBe(7)
  expect(daysBetween('2026-03-09T10:00:00Z', '2026-03-09T10:00:01Z')).toBe(1)
})
