import { expect, it } from 'vitest'
import { TextCounts } from '../../src/catalog/text-counts.ts'
import { Random } from '../support/random.ts'

it('counts of tens of thousands of texts are the same as in one map', () => {
  const random = new Random(3)
  const counts = new TextCounts()
  const expected = new Map<string, number>()
  let sum = 0
  for (let i = 0; i < 60_000; i++) {
    const text = `value ${random.below(20_000)} ${i % 3 === 0 ? '' : 'é'}`
    const count = 1 + random.below(5)
    counts.add(text, count)
    expected.set(text, (expected.get(text) ?? 0) + count)
    sum += count
  }
  expect([counts.size, counts.sum]).toEqual([expected.size, sum])
  expect(new Map(counts)).toEqual(expected)
})

it('counts without any text are empty', () => {
  const counts = new TextCounts()
  expect([counts.size, counts.sum, [...counts]]).toEqual([0, 0, []])
})
