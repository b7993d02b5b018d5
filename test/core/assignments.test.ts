import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Assignments } from '../../src/core/assignments.ts'

describe('Assignments', () => {
  it('does as a map from slot to pairs under any replacements', () => {
    const operation = fc.record({
      slot: fc.nat(7),
      pairIds: fc.oneof(
        fc.array(fc.nat(0xffffffff), { maxLength: 6 }),
        fc.array(fc.nat(100), { minLength: 20, maxLength: 70 }),
      ),
    })
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const assignments = new Assignments()
        const model = new Map<number, number[]>()
        for (const { slot, pairIds } of operations) {
          while (model.size <= slot) {
            assignments.open()
            model.set(model.size, [])
          }
          assignments.replace(slot, pairIds)
          model.set(slot, pairIds)
          for (const [each, expected] of model) expect(Array.from(assignments.of(each))).toEqual(expected)
        }
      }),
    )
  })

  it('opens slots without pairs', () => {
    const assignments = new Assignments()
    assignments.open()
    expect(Array.from(assignments.of(0))).toEqual([])
    assignments.replace(0, [5, 4])
    assignments.open()
    expect(Array.from(assignments.of(1))).toEqual([])
    expect(Array.from(assignments.of(0))).toEqual([5, 4])
  })

  it('keeps the order in which pairs were given, also the same number twice', () => {
    const assignments = new Assignments()
    assignments.open()
    assignments.replace(0, [9, 1, 9])
    expect(Array.from(assignments.of(0))).toEqual([9, 1, 9])
  })

  it('a run that shrank has no room left over once the list was squeezed', () => {
    const assignments = new Assignments()
    assignments.open()
    assignments.open()
    assignments.replace(0, [1, 2, 3, 4])
    assignments.replace(0, [1])
    // Each growth moves the run of slot 1; with the fifth the runs left behind are more than half.
    for (let length = 1; length <= 5; length++) assignments.replace(1, [9, 8, 7, 6, 5].slice(0, length))
    assignments.replace(0, [1, 2, 3])
    expect(Array.from(assignments.of(0))).toEqual([1, 2, 3])
    expect(Array.from(assignments.of(1))).toEqual([9, 8, 7, 6, 5])
  })

  it('does not grow when runs move time and again', () => {
    const assignments = new Assignments()
    assignments.open()
    assignments.open()
    assignments.replace(1, [42])
    for (let length = 1; length <= 300; length++) {
      assignments.replace(
        0,
        Array.from({ length }, (_, i) => i),
      )
    }
    expect(assignments.of(0).length).toBe(300)
    expect(Array.from(assignments.of(1))).toEqual([42])
    // Without squeezing, the runs left behind would make some 45,000 items.
    expect(assignments.of(0).buffer.byteLength / 4).toBeLessThan(2500)
  })
})
