import { expect, it } from 'vitest'
import { Histogram } from '../../src/core/histogram.ts'

it('a histogram counts a value in the first bucket whose bound it does not exceed', () => {
  const histogram = new Histogram([1, 2.5, 10])
  for (const value of [0, 1, 1.001, 2.5, 10, 10.5, 1e9]) histogram.add(value)
  const { bounds, cumulative, sum } = histogram.read()
  expect(bounds).toEqual([1, 2.5, 10])
  expect(cumulative).toEqual([2, 4, 5, 7])
  expect(sum).toBeCloseTo(1e9 + 25.001, 3)
})

it('the counts that were read do not change when further values are added', () => {
  const histogram = new Histogram([1])
  const before = histogram.read()
  histogram.add(0.5)
  expect(before).toEqual({ bounds: [1], cumulative: [0, 0], sum: 0 })
  expect(histogram.read()).toEqual({ bounds: [1], cumulative: [1, 1], sum: 0.5 })
})
