import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SmallestItems } from '../../src/core/smallest-items.ts'

it('the smallest of any distinct items are kept, ascending', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer()), fc.nat(8), (items, max) => {
      const smallest = new SmallestItems<number>(max, (a, b) => a - b)
      for (const item of items) {
        const isKept = smallest.wouldKeep(item)
        smallest.add(item)
        expect(smallest.sorted.includes(item)).toBe(isKept)
      }
      expect(smallest.sorted).toEqual(items.toSorted((a, b) => a - b).slice(0, max))
    }),
  )
})
