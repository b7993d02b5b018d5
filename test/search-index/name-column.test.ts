import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldCase } from '../../src/core/text.ts'
import { blocksUpTo } from '../../src/search-index/container-format.ts'
import { BLOCK_BYTES, BLOCKED_OPERAND, CONTAINER, CONTAINER_BYTES } from '../../src/search-index/kernels/abi.ts'
import { Arena } from '../../src/search-index/memory/arena.ts'
import { encodeFolded } from '../../src/search-index/memory/encoded-text.ts'
import { NameColumn } from '../../src/search-index/name-column.ts'
import { anyText } from './any-text.ts'
import { KERNEL_MODES } from './indexes.ts'

const BLOCK = 32_768
const FILTER_SLOTS = 2048

/** A name column in a new arena. */
class TestNames {
  readonly arena: Arena
  readonly names: NameColumn

  constructor(mode: 'plain' | 'wasm', all: readonly string[]) {
    this.arena = new Arena(mode)
    this.names = new NameColumn(this.arena)
    for (const name of all) this.names.push(name)
  }

  /** The candidates of the filters. Undefined for all slots. */
  mayContain(text: string): Set<number> | undefined {
    const folded = encodeFolded(text)
    const sizes: number[] = []
    const operand = this.names.mayContain(folded.bytes, folded.length, (bytes) => {
      sizes.push(bytes)
      return this.arena.alloc(bytes)
    })
    if (operand === undefined) return undefined
    expect(operand.kind).toBe(BLOCKED_OPERAND)
    const blocks = Math.ceil(this.names.texts.length / BLOCK)
    expect(operand.length).toBe(blocks)
    const { u16, u32 } = this.arena
    const slots = new Set<number>()
    for (let block = 0; block < blocks; block++) {
      const container = operand.address + block * CONTAINER_BYTES
      const bitmap = u32[container >>> 2] as number
      if (bitmap === 0) continue
      expect(u16[(container + CONTAINER.capacity) >>> 1]).toBe(0)
      expect(bitmap + BLOCK_BYTES).toBeLessThanOrEqual(operand.address + (sizes[0] as number))
      for (let offset = 0; offset < BLOCK; offset++) {
        if (((u32[(bitmap >>> 2) + (offset >>> 5)] as number) >>> (offset & 31)) & 1) slots.add(block * BLOCK + offset)
      }
    }
    this.arena.free(operand.address, sizes[0] as number)
    return slots
  }
}

/** A name that contains its number, in one of several scripts. */
const named = (n: number) => `${['web', 'Größe', '环境', 'ΟΔΟΣ', '\u{1f600}'][n % 5]}-${n.toString(36)}`
const all = Array.from({ length: 2 * FILTER_SLOTS + 100 }, (_, n) => named(n))

describe.each(KERNEL_MODES)('NameColumn with %s kernels', (mode) => {
  it('names are read unchanged after any changes', () => {
    const { names } = new TestNames(mode, all.slice(0, 20))
    names.replace(3, 'other')
    names.clear(4)
    names.clear(5)
    names.replace(5, '')
    names.replace(4, 'back')
    names.push('\ud800"')
    const expected = all.slice(0, 20)
    expected.splice(3, 3, 'other', 'back', '')
    expect(Array.from({ length: 21 }, (_, slot) => names.read(slot))).toEqual([...expected, '\ud800"'])
  })

  it('small indexes, and texts below three bytes, have no trigram filter', () => {
    const column = new TestNames(mode, all.slice(0, FILTER_SLOTS))
    expect(column.mayContain('web')).toBeUndefined()
    column.names.push('one more')
    expect(column.mayContain('web')).toBeInstanceOf(Set)
    expect([column.mayContain(''), column.mayContain('we'), column.mayContain('é')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(column.mayContain('标')).toBeInstanceOf(Set)
    // Without a match hardly any group remains.
    expect(column.mayContain('no such name')?.size).toBe(0)
  })

  it('the filters have no false negatives in any script, also after names were replaced', () => {
    const models = all.slice()
    const column = new TestNames(mode, all)
    const cut = fc.record({ slot: fc.nat(all.length - 1), from: fc.nat(6), length: fc.integer({ min: 1, max: 8 }) })
    const change = fc.record({ slot: fc.nat(all.length - 1), name: anyText })
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 10 }),
        fc.array(cut, { maxLength: 10 }),
        fc.boolean(),
        (changes, cuts, upper) => {
          for (const { slot, name } of changes) {
            column.names.replace(slot, name)
            models[slot] = name
          }
          const parts = [
            ...cuts.map(({ slot, from, length }) => (models[slot] as string).slice(from, from + length)),
            ...changes.map(({ name }) => name.slice(0, 8)),
          ]
          for (const part of parts) {
            const text = upper ? part.toUpperCase() : part
            // Lone surrogates are compared without the filters.
            if (!text.isWellFormed() || text.includes('\ufffd')) continue
            const slots = column.mayContain(text)
            if (slots === undefined) continue
            const missed = models.flatMap((name, slot) =>
              foldCase(name).includes(foldCase(text)) && !slots.has(slot) ? [slot] : [],
            )
            expect({ text, missed }).toEqual({ text, missed: [] })
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  it('candidates are groups of 64 slots, and most groups are excluded', () => {
    const column = new TestNames(mode, all)
    const slots = column.mayContain(named(3000)) as Set<number>
    expect(slots.has(3000)).toBe(true)
    expect(slots.size % 64).toBe(0)
    expect(slots.size).toBeLessThan(all.length / 8)
  })

  it('candidates span several blocks, some of them empty', () => {
    const column = new TestNames(
      mode,
      Array.from({ length: 2 * BLOCK + 1 }, (_, n) => (n === 2 * BLOCK ? 'needle' : 'x')),
    )
    expect([...(column.mayContain('NEEDLE') as Set<number>)].sort((a, b) => a - b)[0]).toBe(2 * BLOCK)
    column.names.replace(7, 'a needle')
    const slots = column.mayContain('needle') as Set<number>
    expect([slots.has(7), slots.has(2 * BLOCK), slots.has(BLOCK)]).toEqual([true, true, false])
  })

  it('a restored name column reads and filters like the original', () => {
    const column = new TestNames(mode, all)
    column.names.clear(5)
    const other = new TestNames(mode, [])
    other.arena.restore(column.arena.state())
    other.arena.u8.set(column.arena.u8.subarray(0, column.arena.top))
    other.names.restore(column.names.state())
    other.names.replace(5, 'new and unheard of')
    other.names.clear(6)
    other.names.clear(6)
    expect([other.names.read(5), other.names.read(6), other.names.read(7)]).toEqual(['new and unheard of', '', all[7]])
    expect(other.mayContain('unheard')?.has(5)).toBe(true)
  })
})

it('replaced and removed names return their memory to the arena', () => {
  const { arena, names } = new TestNames('plain', ['first', '环境'])
  names.clear(0)
  const { top } = arena
  for (let i = 0; i < 50; i++) {
    names.replace(0, '标签"标签')
    names.replace(0, 'a plain name')
    names.clear(0)
    names.clear(0)
  }
  expect(arena.top - top).toBeLessThanOrEqual(64)
})

it('blocksUpTo rounds up to whole blocks', () => {
  expect([0, 1, BLOCK, BLOCK + 1, 3 * BLOCK].map(blocksUpTo)).toEqual([0, 1, 1, 2, 3])
})
