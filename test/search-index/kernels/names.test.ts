import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldCase } from '../../../src/core/text.ts'
import { Arena } from '../../../src/search-index/memory/arena.ts'
import { encodeFolded, encodeText } from '../../../src/search-index/memory/encoded-text.ts'
import { NameColumn } from '../../../src/search-index/name-column.ts'
import { anyText } from '../any-text.ts'
import { bothOver, tablesOf } from '../both-kernels.ts'

describe('filterNames', () => {
  /** Filters all slots but the first with both kernels, in place. Returns the slots that each kept. */
  function filter(all: readonly string[], needle: { bytes: Uint8Array; length: number }, isWhole: 0 | 1) {
    const bytes = needle.bytes.slice(0, needle.length)
    const arena = new Arena('wasm')
    const kernels = bothOver(arena)
    const names = new NameColumn(arena)
    for (const name of all) names.push(name)
    const tables = tablesOf(arena, { names: names.texts.table })
    const [list, text] = [arena.alloc(all.length * 4), arena.alloc(bytes.length + 64)]
    arena.u8.set(bytes, text)
    return (['plain', 'wasm'] as const).map((kind) => {
      for (let slot = 1; slot < all.length; slot++) arena.u32[(list >>> 2) + slot - 1] = slot
      const count = kernels[kind].filterNames(tables, list, all.length - 1, text, bytes.length, isWhole, list) >>> 0
      return [...arena.u32.subarray(list >>> 2, (list >>> 2) + count)]
    })
  }

  const names = fc.array(fc.oneof(anyText, fc.constantFrom('web-1', 'WEB-2', 'x'.repeat(17), `${'y'.repeat(40)}web`)), {
    minLength: 2,
    maxLength: 25,
  })
  const part = fc.record({ from: fc.nat(20), length: fc.integer({ min: 1, max: 20 }), upper: fc.boolean() })
  const needles = fc.oneof({ weight: 3, arbitrary: part }, { weight: 1, arbitrary: anyText })

  function slotsWhere(all: readonly string[], matches: (name: string) => boolean): number[] {
    return all.flatMap((name, slot) => (slot > 0 && matches(name) ? [slot] : []))
  }

  it('a name is kept when its folded form contains the folded needle', () => {
    fc.assert(
      fc.property(names, needles, fc.nat(30), (all, needle, of) => {
        let text = needle as string
        if (typeof needle === 'object') {
          text = (all[of % all.length] as string).slice(needle.from, needle.from + needle.length)
          if (needle.upper) text = text.toUpperCase()
        }
        // The executor compares these texts without the kernel.
        if (text === '' || !text.isWellFormed() || text.includes('\ufffd')) return
        const expected = slotsWhere(all, (name) => foldCase(name).includes(foldCase(text)))
        expect({ text, found: filter(all, encodeFolded(text), 0) }).toEqual({ text, found: [expected, expected] })
      }),
      { numRuns: 250 },
    )
  })

  it('with isWhole a name is kept when it equals the needle exactly', () => {
    fc.assert(
      fc.property(names, fc.nat(30), anyText, fc.boolean(), (all, of, other, isOther) => {
        const text = isOther ? other : (all[of % all.length] as string)
        const expected = slotsWhere(all, (name) => name === text)
        expect({ text, found: filter(all, encodeText(text), 1) }).toEqual({ text, found: [expected, expected] })
      }),
      { numRuns: 250 },
    )
  })

  it.each(Array.from({ length: 40 }, (_, at) => at))(
    'a needle at offset %d of a name is found, and one that is cut off at its end is not',
    (at) => {
      const all = ['', `${'.'.repeat(at)}needle`, `${'.'.repeat(at)}needl`, `${'n'.repeat(at)}needle!`, 'e']
      expect(filter(all, encodeFolded('Needle'), 0)).toEqual([
        [1, 3],
        [1, 3],
      ])
    },
  )
})
