import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldCase } from '../../src/core/text.ts'
import { BLOCKED_OPERAND } from '../../src/search-index/kernels/abi.ts'
import { Arena } from '../../src/search-index/memory/arena.ts'
import { encodeFolded } from '../../src/search-index/memory/encoded-text.ts'
import { blocksUpTo, NameColumn } from '../../src/search-index/name-column.ts'
import { anyText } from './any-text.ts'
import { KERNEL_MODES } from './indexes.ts'

const BLOCK = 32_768
const SKETCH_SLOTS = 2048

/** Names with what they may contain, in an arena of their own. */
class Asked {
  readonly arena: Arena
  readonly names: NameColumn

  constructor(mode: 'plain' | 'wasm', all: readonly string[]) {
    this.arena = new Arena(mode)
    this.names = new NameColumn(this.arena)
    for (const name of all) this.names.push(name)
  }

  /** The slots whose names may contain a text; undefined: all of them. */
  mayContain(text: string): Set<number> | undefined {
    const { bytes, length } = encodeFolded(text)
    const rooms: number[] = []
    const operand = this.names.mayContain(bytes, length, (room) => {
      rooms.push(room)
      return this.arena.alloc(room)
    })
    if (operand === undefined) return undefined
    expect(operand.kind).toBe(BLOCKED_OPERAND)
    const blocks = Math.ceil(this.names.texts.length / BLOCK)
    expect(operand.length).toBe(blocks)
    const { u16, u32 } = this.arena
    const slots = new Set<number>()
    for (let block = 0; block < blocks; block++) {
      const container = operand.address + block * 8
      const bitmap = u32[container >>> 2] as number
      if (bitmap === 0) continue
      expect(u16[(container >>> 1) + 3]).toBe(0)
      expect(bitmap + 4096).toBeLessThanOrEqual(operand.address + (rooms[0] as number))
      for (let place = 0; place < BLOCK; place++) {
        if (((u32[(bitmap >>> 2) + (place >>> 5)] as number) >>> (place & 31)) & 1) slots.add(block * BLOCK + place)
      }
    }
    this.arena.free(operand.address, rooms[0] as number)
    return slots
  }
}

/** Names that tell their number, in several scripts. */
const named = (n: number) => `${['web', 'Größe', '环境', 'ΟΔΟΣ', '\u{1f600}'][n % 5]}-${n.toString(36)}`
const all = Array.from({ length: 2 * SKETCH_SLOTS + 100 }, (_, n) => named(n))

describe.each(KERNEL_MODES)('Names with %s kernels', (mode) => {
  it('are read as they were, through all changes', () => {
    const { names } = new Asked(mode, all.slice(0, 20))
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

  it('have no sketches for small indexes, nor for texts of less than three bytes', () => {
    const asked = new Asked(mode, all.slice(0, SKETCH_SLOTS))
    expect(asked.mayContain('web')).toBeUndefined()
    asked.names.push('one more')
    expect(asked.mayContain('web')).toBeInstanceOf(Set)
    expect([asked.mayContain(''), asked.mayContain('we'), asked.mayContain('é')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(asked.mayContain('标')).toBeInstanceOf(Set)
    // Of a text that is nowhere hardly anything is left.
    expect(asked.mayContain('no such name')?.size).toBe(0)
  })

  it('never miss a slot, in whatever script, also after names were replaced', () => {
    const models = all.slice()
    const asked = new Asked(mode, all)
    const place = fc.record({ slot: fc.nat(all.length - 1), from: fc.nat(6), length: fc.integer({ min: 1, max: 8 }) })
    const change = fc.record({ slot: fc.nat(all.length - 1), name: anyText })
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 10 }),
        fc.array(place, { maxLength: 10 }),
        fc.boolean(),
        (changes, places, upper) => {
          for (const { slot, name } of changes) {
            asked.names.replace(slot, name)
            models[slot] = name
          }
          const parts = [
            ...places.map(({ slot, from, length }) => (models[slot] as string).slice(from, from + length)),
            ...changes.map(({ name }) => name.slice(0, 8)),
          ]
          for (const part of parts) {
            const text = upper ? part.toUpperCase() : part
            // Halves of pairs are looked for in the names themselves.
            if (!text.isWellFormed() || text.includes('\ufffd')) continue
            const slots = asked.mayContain(text)
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

  it('tell the groups of 64 slots in question, and let most others be', () => {
    const asked = new Asked(mode, all)
    const slots = asked.mayContain(named(3000)) as Set<number>
    expect(slots.has(3000)).toBe(true)
    expect(slots.size % 64).toBe(0)
    expect(slots.size).toBeLessThan(all.length / 8)
  })

  it('reach over several blocks, some of them without anything', () => {
    const asked = new Asked(
      mode,
      Array.from({ length: 2 * BLOCK + 1 }, (_, n) => (n === 2 * BLOCK ? 'needle' : 'x')),
    )
    expect([...(asked.mayContain('NEEDLE') as Set<number>)].sort((a, b) => a - b)[0]).toBe(2 * BLOCK)
    asked.names.replace(7, 'a needle')
    const slots = asked.mayContain('needle') as Set<number>
    expect([slots.has(7), slots.has(2 * BLOCK), slots.has(BLOCK)]).toEqual([true, true, false])
  })

  it('go on from their state', () => {
    const asked = new Asked(mode, all)
    asked.names.clear(5)
    const other = new Asked(mode, [])
    other.arena.restore(asked.arena.state())
    other.arena.u8.set(asked.arena.u8.subarray(0, asked.arena.top))
    other.names.restore(asked.names.state())
    other.names.replace(5, 'anew and unheard of')
    other.names.clear(6)
    other.names.clear(6)
    expect([other.names.read(5), other.names.read(6), other.names.read(7)]).toEqual(['anew and unheard of', '', all[7]])
    expect(other.mayContain('unheard')?.has(5)).toBe(true)
  })
})

it('names give their room back', () => {
  const { arena, names } = new Asked('plain', ['first', '环境'])
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

it('a block more is needed from one slot more on', () => {
  expect([0, 1, BLOCK, BLOCK + 1, 3 * BLOCK].map(blocksUpTo)).toEqual([0, 1, 1, 2, 3])
})
