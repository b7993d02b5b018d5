import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { U32List } from '../../src/core/u32-list.ts'

describe('U32List', () => {
  it('does as an array does under any changes', () => {
    const item = fc.oneof(fc.nat(0xffffffff), fc.constantFrom(0, 0x7fffffff, 0x80000000, 0xffffffff))
    const operation = fc.record({
      kind: fc.constantFrom('push', 'push', 'insert', 'removeAt', 'put'),
      place: fc.nat(1000),
      item,
    })
    fc.assert(
      fc.property(fc.nat(8), fc.array(operation, { maxLength: 60 }), (capacity, operations) => {
        const list = new U32List(capacity)
        const model: number[] = []
        for (const { kind, place, item } of operations) {
          if (kind === 'push') {
            list.push(item)
            model.push(item)
          } else if (kind === 'insert') {
            const at = place % (model.length + 1)
            list.insert(at, item)
            model.splice(at, 0, item)
          } else if (model.length > 0) {
            const at = place % model.length
            if (kind === 'put') {
              list.put(at, item)
              model[at] = item
            } else {
              list.removeAt(at)
              model.splice(at, 1)
            }
          }
          expect(list.length).toBe(model.length)
          expect(Array.from(list.view())).toEqual(model)
        }
        expect(model.map((_, place) => list.at(place))).toEqual(model)
      }),
    )
  })

  it('starts empty, whatever room it was given', () => {
    for (const list of [new U32List(), new U32List(0), new U32List(100)]) {
      expect(list.length).toBe(0)
      expect(list.view()).toEqual(new Uint32Array(0))
      expect(list.lowerBound(0)).toBe(0)
    }
  })

  it('finds the first place that is not below an item', () => {
    const sorted = fc.array(fc.nat(40), { maxLength: 40 }).map((items) => items.sort((a, b) => a - b))
    fc.assert(
      fc.property(sorted, (items) => {
        const list = new U32List()
        for (const item of items) list.push(item)
        for (let item = 0; item <= 41; item++) {
          expect(list.lowerBound(item)).toBe(items.filter((other) => other < item).length)
        }
      }),
    )
  })
})
