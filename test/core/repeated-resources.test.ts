import { expect, it } from 'vitest'
import { contentHash, RepeatedResources } from '../../src/core/repeated-resources.ts'

it('the earlier line of a resource is found, with whether its content is equal', () => {
  const seen = new RepeatedResources(100)
  expect(seen.add('a', contentHash('x'), 1, false)).toBeUndefined()
  expect(seen.add('b', contentHash('x'), 2, false)).toBeUndefined()
  expect(seen.add('a', contentHash('x'), 3, false)).toEqual({ earlierLine: 1, isEqual: true })
  expect(seen.add('a', contentHash('y'), 4, false)).toEqual({ earlierLine: 1, isEqual: false })
  expect(seen.add('b', contentHash('y'), 5, false)).toEqual({ earlierLine: 2, isEqual: false })
})

it('with lastWins lines are compared with the latest one', () => {
  const seen = new RepeatedResources(100)
  seen.add('a', contentHash('x'), 1, true)
  expect(seen.add('a', contentHash('y'), 2, true)).toEqual({ earlierLine: 1, isEqual: false })
  expect(seen.add('a', contentHash('y'), 3, true)).toEqual({ earlierLine: 2, isEqual: true })
  expect(seen.add('a', contentHash('x'), 2 ** 52, true)).toEqual({ earlierLine: 3, isEqual: false })
  expect(seen.add('a', contentHash('x'), 2 ** 52 + 1, true)).toEqual({ earlierLine: 2 ** 52, isEqual: true })
})

it('among many lines exactly the repeated ones are found', () => {
  const seen = new RepeatedResources(1_000_000)
  const count = 50_000
  for (let i = 1; i <= count; i++) expect(seen.add(`resource-${i}`, contentHash(`${i}`), i, false)).toBeUndefined()
  for (let i = 1; i <= count; i += 7) {
    expect(seen.add(`resource-${i}`, contentHash(`${i + (i % 2)}`), count + i, false)).toEqual({
      earlierLine: i,
      isEqual: i % 2 === 0,
    })
  }
})

it('texts that differ only at their end, in their length or in one character are different', () => {
  const seen = new RepeatedResources(10_000)
  const texts = [
    '',
    '\0',
    '\0\0',
    'a',
    'a\0',
    'aa',
    'ab',
    'ba',
    '\u4e00',
    '\u4e00\u4e00',
    'a'.repeat(999),
    'a'.repeat(1000),
  ]
  for (const [i, text] of texts.entries())
    expect(seen.add(text, contentHash(''), i + 1, false), JSON.stringify(text)).toBeUndefined()
})

it('at least the given number of lines is remembered, and older ones are forgotten', () => {
  const seen = new RepeatedResources(1000)
  for (let i = 1; i <= 10_000; i++) {
    expect(seen.add(`r${i}`, contentHash(''), i, false)).toBeUndefined()
    if (i > 1000)
      expect(seen.add(`r${i - 999}`, contentHash(''), i, false)).toEqual({ earlierLine: i - 999, isEqual: true })
  }
  expect(seen.add('r1', contentHash(''), 10_001, false)).toBeUndefined()
})
