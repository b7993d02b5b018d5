import { describe, expect, it } from 'vitest'
import { joined, median, quantile, slopeOf, spreadOf } from '../../bench/report/statistics.ts'

describe('statistics', () => {
  it('quantiles are interpolated between neighbours, in any order of the values', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
    expect(quantile([10], 0.99)).toBe(10)
    expect(quantile([1, 2, 3, 4, 5], 0)).toBe(1)
    expect(quantile([1, 2, 3, 4, 5], 1)).toBe(5)
    expect(quantile([0, 100], 0.99)).toBeCloseTo(99)
    expect(median([9, 1, 5])).toBe(5)
  })

  it('values are sorted numerically, in a copy', () => {
    const values = [100, 20, 3]
    expect(median(values)).toBe(20)
    expect(values).toEqual([100, 20, 3])
  })

  it('a quantile of no values is refused', () => {
    expect(() => quantile([], 0.5)).toThrow('no values')
  })

  it('slopeOf returns the slope of a line, and 0 for a single point', () => {
    const line = [0, 1, 2, 3].map((x) => [x, 5 - 2 * x] as const)
    expect(slopeOf(line)).toBeCloseTo(-2)
    expect(slopeOf([[3, 4]])).toBe(0)
  })

  it('spreadOf returns minimum and maximum, and joined concatenates lists', () => {
    expect(spreadOf([3, 1, 2])).toEqual([1, 3])
    expect(joined([Float64Array.of(1, 2), Float64Array.of(), Float64Array.of(3)])).toEqual(Float64Array.of(1, 2, 3))
  })
})
