import { describe, expect, it } from 'vitest'
import { joined, median, quantile, slopeOf, spreadOf } from '../../bench/report/statistics.ts'

describe('statistics', () => {
  it('finds quantiles between neighbours, whatever the order', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
    expect(quantile([10], 0.99)).toBe(10)
    expect(quantile([1, 2, 3, 4, 5], 0)).toBe(1)
    expect(quantile([1, 2, 3, 4, 5], 1)).toBe(5)
    expect(quantile([0, 100], 0.99)).toBeCloseTo(99)
    expect(median([9, 1, 5])).toBe(5)
  })

  it('orders numbers as numbers, and leaves the list as it was', () => {
    const values = [100, 20, 3]
    expect(median(values)).toBe(20)
    expect(values).toEqual([100, 20, 3])
  })

  it('has no quantile of nothing', () => {
    expect(() => quantile([], 0.5)).toThrow('no values')
  })

  it('finds the slope of a line, and none of one point', () => {
    const line = [0, 1, 2, 3].map((x) => [x, 5 - 2 * x] as const)
    expect(slopeOf(line)).toBeCloseTo(-2)
    expect(slopeOf([[3, 4]])).toBe(0)
  })

  it('finds lowest and highest, and joins lists', () => {
    expect(spreadOf([3, 1, 2])).toEqual([1, 3])
    expect(joined([Float64Array.of(1, 2), Float64Array.of(), Float64Array.of(3)])).toEqual(Float64Array.of(1, 2, 3))
  })
})
