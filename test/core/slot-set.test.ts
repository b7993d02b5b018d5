import { describe, expect, it } from 'vitest'
import { NO_SLOTS, slotsOfList, slotsOfWords } from '../../src/core/slot-set.ts'

it('no slots: nothing to count, nothing on any page', () => {
  expect(NO_SLOTS.count).toBe(0)
  expect(NO_SLOTS.page(0, 10)).toEqual([])
})

// The same members both ways: 1, 5, 31, 32, 64.
describe.each([
  ['a list', slotsOfList([1, 5, 31, 32, 64])],
  ['words', slotsOfWords(Uint32Array.of(0x80000022, 1, 1))],
])('%s', (_name, slots) => {
  it('counts its members', () => {
    expect(slots.count).toBe(5)
  })

  it('gives pages in ascending order', () => {
    expect(slots.page(0, 5)).toEqual([1, 5, 31, 32, 64])
    expect(slots.page(0, 2)).toEqual([1, 5])
    expect(slots.page(2, 2)).toEqual([31, 32])
    expect(slots.page(4, 100)).toEqual([64])
  })

  it('gives an empty page behind the end, and for no places', () => {
    expect(slots.page(5, 10)).toEqual([])
    expect(slots.page(1e20, 10)).toEqual([])
    expect(slots.page(Number.POSITIVE_INFINITY, 10)).toEqual([])
    expect(slots.page(0, 0)).toEqual([])
  })
})
