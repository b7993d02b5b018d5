import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DetailColumn } from '../../src/search-index/detail-column.ts'
import { Arena } from '../../src/search-index/memory/arena.ts'
import { KERNEL_MODES } from './indexes.ts'

describe.each(KERNEL_MODES)('DetailColumn with %s kernels', (mode) => {
  it('equal texts share one number until the last reference is released', () => {
    const text = fc.oneof(
      fc.nat(40).map((n) => `{"n":${n}}`),
      fc.string({ unit: 'grapheme' }).map((s) => JSON.stringify({ s })),
      fc.constantFrom('', '{}', '\ufeff'),
    )
    const operation = fc.record({
      kind: fc.constantFrom('acquire', 'acquire', 'release'),
      text,
      choice: fc.nat(2 ** 20),
    })
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200, size: 'max' }), (operations) => {
        const details = new DetailColumn(new Arena(mode), 5)
        const uses: { text: string; detail: number }[] = []
        for (const { kind, text, choice } of operations) {
          if (kind === 'acquire') {
            const known = uses.find((use) => use.text === text)
            const detail = details.acquire(text)
            if (known !== undefined) expect(detail).toBe(known.detail)
            else expect(uses.some((use) => use.detail === detail)).toBe(false)
            uses.push({ text, detail })
          } else if (uses.length > 0) {
            const [gone] = uses.splice(choice % uses.length, 1) as [(typeof uses)[0]]
            expect(details.isLastReference(gone.detail)).toBe(!uses.some((use) => use.detail === gone.detail))
            details.release(gone.detail)
          }
        }
        for (const { text, detail } of uses) expect(details.read(detail)).toBe(text)
        // Numbers are reused.
        expect(details.texts.length).toBeLessThanOrEqual(operations.filter(({ kind }) => kind === 'acquire').length)
      }),
      { numRuns: 60 },
    )
  })
})

it('the number and the memory of a released text are reused', () => {
  const arena = new Arena('plain')
  const details = new DetailColumn(arena, 0)
  const numbers = ['a', 'b', 'c'].map((text) => details.acquire(text))
  const { top } = arena
  expect(numbers).toEqual([0, 1, 2])
  details.release(0)
  details.release(2)
  expect([details.acquire('d'), details.acquire('e'), details.acquire('f')]).toEqual([2, 0, 3])
  expect(arena.top - top).toBeLessThanOrEqual(8)
  expect(['d', 'e', 'f', 'b'].map((text) => details.acquire(text))).toEqual([2, 0, 3, 1])
})

it('a restored detail column reads, acquires and releases like the original', () => {
  const arena = new Arena('plain')
  const details = new DetailColumn(arena, 9)
  for (let n = 0; n < 2000; n++) details.acquire(`detail ${n % 1500}`)
  for (let n = 600; n < 1000; n++) details.release(n)
  const other = new DetailColumn(arena, 9)
  other.restore(details.state())
  expect(other.acquire('detail 20')).toBe(20)
  expect([other.isLastReference(20), other.isLastReference(599), other.read(1400)]).toEqual([
    false,
    true,
    'detail 1400',
  ])
  expect(other.acquire('new')).toBe(999)
  expect(other.read(999)).toBe('new')
})
