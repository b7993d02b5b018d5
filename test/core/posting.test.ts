import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sliceBits } from '../../src/core/bitmap.ts'
import { Posting } from '../../src/core/posting.ts'

function postingOf(slots: Iterable<number>): Posting {
  const posting = new Posting()
  for (const slot of slots) posting.add(slot)
  return posting
}

const range = (start: number, length: number) => Array.from({ length }, (_, i) => start + i)

describe('Posting', () => {
  it('does as a set does under any changes, with gaps of any size', () => {
    const slot = fc.oneof(
      { weight: 6, arbitrary: fc.nat(80) },
      { weight: 2, arbitrary: fc.nat(3000) },
      { weight: 1, arbitrary: fc.nat(100_000) },
    )
    // Runs make it turn into a bitmap, and back when they are removed.
    const operation = fc.record({
      kind: fc.constantFrom('add', 'remove'),
      start: slot,
      length: fc.oneof(fc.constant(1), fc.integer({ min: 20, max: 120 })),
    })
    let conversions = 0
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
        const posting = new Posting()
        const model = new Set<number>()
        let wasBitmap = false
        for (const { kind, start, length } of operations) {
          for (const slot of range(start, length)) {
            if (kind === 'add') {
              posting.add(slot)
              model.add(slot)
            } else {
              posting.remove(slot)
              model.delete(slot)
            }
          }
          const isBitmap = posting.words !== undefined
          if (isBitmap !== wasBitmap) conversions++
          wasBitmap = isBitmap
          const sorted = [...model].sort((a, b) => a - b)
          expect(posting.count).toBe(model.size)
          expect([...posting.slots()]).toEqual(sorted)
          expect(range(start - 1, length + 2).filter((s) => s >= 0 && posting.has(s))).toEqual(
            range(start - 1, length + 2).filter((s) => model.has(s)),
          )
          if (posting.words !== undefined) {
            expect(sliceBits(posting.words, 0, Number.POSITIVE_INFINITY)).toEqual(sorted)
          }
        }
        const into = new Uint32Array(3200)
        into[0] = 2
        posting.uniteInto(into)
        expect(sliceBits(into, 0, Number.POSITIVE_INFINITY)).toEqual([...model.add(1)].sort((a, b) => a - b))
      }),
      { numRuns: 150 },
    )
    expect(conversions).toBeGreaterThan(20)
  })

  it('is empty at first', () => {
    const posting = new Posting()
    expect(posting.count).toBe(0)
    expect(posting.has(0)).toBe(false)
    expect([...posting.slots()]).toEqual([])
    expect(posting.words).toBeUndefined()
    const into = new Uint32Array(1)
    posting.uniteInto(into)
    expect(into).toEqual(new Uint32Array(1))
  })

  it('becomes a bitmap with the 33rd member when they lie close', () => {
    const posting = postingOf(range(0, 32))
    expect(posting.words).toBeUndefined()
    posting.add(32)
    expect(posting.words).toEqual(Uint32Array.of(0xffffffff, 1))
  })

  it('stays a list while a bitmap would take as much room', () => {
    // Up to slot 1280 are 41 words: 41 members are no reason yet, the 42nd is.
    const posting = postingOf([1280, ...range(0, 40)])
    expect(posting.count).toBe(41)
    expect(posting.words).toBeUndefined()
    posting.add(40)
    expect(posting.words?.length).toBe(41)
    expect(posting.count).toBe(42)
  })

  it('grows as a bitmap by a quarter more than it needs', () => {
    const posting = postingOf([...range(0, 40), 5119])
    expect(posting.words?.length).toBe(160)
    posting.add(5120)
    expect(posting.words?.length).toBe(161 + 40)
    expect([...posting.slots()]).toEqual([...range(0, 40), 5119, 5120])
  })

  it('goes back to a list when fewer than a quarter of the words hold a member', () => {
    const posting = postingOf(range(0, 40))
    posting.add(32 * 160 - 1)
    expect(posting.words?.length).toBe(160)
    posting.remove(0)
    expect(posting.words?.length).toBe(160)
    posting.remove(1)
    expect([posting.count, posting.words === undefined]).toEqual([39, true])
    expect([...posting.slots()]).toEqual([...range(2, 38), 5119])
  })

  it('goes back to a list when the last member leaves, and can start again', () => {
    const posting = postingOf(range(0, 40))
    for (const slot of range(0, 40)) posting.remove(slot)
    expect(posting.words).toBeUndefined()
    expect([...posting.slots()]).toEqual([])
    posting.add(7)
    expect([...posting.slots()]).toEqual([7])
  })

  it('ignores a member added again and a stranger removed, list or bitmap', () => {
    for (const size of [3, 50]) {
      const posting = postingOf(range(0, size))
      posting.add(1)
      posting.remove(1000)
      posting.remove(size)
      expect(posting.count).toBe(size)
      expect([...posting.slots()]).toEqual(range(0, size))
    }
  })
})
