import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BLOCKED_OPERAND } from '../../src/search-index/kernels/abi.ts'
import { Arena } from '../../src/search-index/memory/arena.ts'
import { Postings } from '../../src/search-index/postings.ts'
import { KERNEL_MODES } from './indexes.ts'

const BLOCK = 32_768

const range = (start: number, length: number, step = 1) => Array.from({ length }, (_, i) => start + i * step)

function membersOf(postings: Postings, set: number): number[] {
  const members: number[] = []
  postings.forEach(set, (slot) => members.push(slot))
  return members
}

/** Reads a set as kernels see it. */
function operandOf(arena: Arena, postings: Postings, set: number): { form: string; members: number[] } {
  const { kind, address, length } = postings.operand(set)
  const { u16, u32 } = arena
  if (kind !== BLOCKED_OPERAND) {
    return { form: length < 2 ? 'single' : 'list', members: [...u32.subarray(address >>> 2, (address >>> 2) + length)] }
  }
  const members: number[] = []
  const forms = new Set<string>()
  for (let block = 0; block < length; block++) {
    const container = address + block * 8
    const ref = u32[container >>> 2] as number
    if (ref === 0) continue
    const [count = 0, room = 0] = u16.subarray((container >>> 1) + 2, (container >>> 1) + 4)
    forms.add(room > 0 ? 'places' : 'bitmap')
    const before = members.length
    if (room > 0) for (const place of u16.subarray(ref >>> 1, (ref >>> 1) + count)) members.push(block * BLOCK + place)
    else {
      for (let place = 0; place < BLOCK; place++) {
        if (((u32[(ref >>> 2) + (place >>> 5)] as number) >>> (place & 31)) & 1) members.push(block * BLOCK + place)
      }
    }
    expect(members.length - before).toBe(count)
  }
  return { form: [...forms].sort().join('+'), members }
}

/** A set beside the plain one that judges it. */
class Judged {
  readonly arena: Arena
  readonly postings: Postings
  readonly set: number
  readonly model = new Set<number>()
  readonly forms = new Set<string>()

  constructor(mode: 'plain' | 'wasm') {
    this.arena = new Arena(mode)
    this.postings = new Postings(this.arena)
    this.postings.addSet()
    this.set = this.postings.addSet()
    this.postings.addSet()
  }

  add(slots: readonly number[]): this {
    for (const slot of slots) {
      this.postings.add(this.set, slot)
      this.model.add(slot)
    }
    return this
  }

  remove(slots: readonly number[]): this {
    for (const slot of slots) {
      this.postings.remove(this.set, slot)
      this.model.delete(slot)
    }
    return this
  }

  /** Holds the set against the model; gives its form. */
  check(near: readonly number[] = []): string {
    const { arena, postings, set, model } = this
    const expected = Uint32Array.from(model).sort()
    expect(postings.count(set)).toBe(model.size)
    expect(Uint32Array.from(membersOf(postings, set))).toEqual(expected)
    const { form, members } = operandOf(arena, postings, set)
    expect(Uint32Array.from(members)).toEqual(expected)
    expect(postings.isList(set)).toBe(form === 'single' || form === 'list')
    for (const slot of [...near, 0, BLOCK - 1, BLOCK, 1e6]) {
      if (postings.has(set, slot) !== model.has(slot))
        expect({ slot, has: model.has(slot) }).toEqual({ slot, has: !model.has(slot) })
    }
    expect([postings.count(set - 1), postings.count(set + 1)]).toEqual([0, 0])
    this.forms.add(form)
    return form
  }
}

describe.each(KERNEL_MODES)('Postings with %s kernels', (mode) => {
  it('do as sets do under any changes, through all their forms', () => {
    const operation = fc.record({
      kind: fc.constantFrom('add', 'add', 'remove'),
      start: fc.oneof(fc.nat(300), fc.nat(4 * BLOCK), fc.constantFrom(BLOCK - 5, 2 * BLOCK - 700)),
      length: fc.oneof(fc.constant(1), fc.nat(100), fc.integer({ min: 500, max: 3000 })),
      step: fc.constantFrom(1, 1, 3, 700),
    })
    const forms = new Map<string, number>()
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 25 }), (operations) => {
        const judged = new Judged(mode)
        for (const { kind, start, length, step } of operations) {
          judged[kind](range(start, step === 700 ? length % 400 : length, step))
          const form = judged.check([start, start + 1, start + length, start + length * step])
          forms.set(form, (forms.get(form) ?? 0) + 1)
        }
        // Back to nothing, in an order of its own.
        const left = [...judged.model].sort((a, b) => ((a * 7919) % 104_729) - ((b * 7919) % 104_729))
        for (let i = 0; i < left.length; i += 400) judged.remove(left.slice(i, i + 400)).check()
        expect(judged.postings.isList(judged.set)).toBe(true)
      }),
      { numRuns: 40 },
    )
    for (const form of ['single', 'list', 'places', 'bitmap', 'bitmap+places']) {
      expect({ form, times: forms.get(form) ?? 0 }).not.toEqual({ form, times: 0 })
    }
  })

  it('keep one member in place, and become a list with the second', () => {
    const judged = new Judged(mode)
    expect(judged.check()).toBe('single')
    judged.remove([3])
    expect(judged.add([9]).check([8, 9])).toBe('single')
    expect(judged.add([9]).remove([8]).check([8, 9])).toBe('single')
    expect(judged.add([4]).check([4, 9])).toBe('list')
    expect(judged.add([9, 4]).remove([5, 10]).check([4, 5, 9, 10])).toBe('list')
    expect(judged.remove([4]).check([4, 9])).toBe('single')
    expect(judged.remove([9]).check([9])).toBe('single')
  })

  it('become blocked with the 129th member of one block, and a list again with the 63rd', () => {
    const judged = new Judged(mode).add(range(0, 127, 2))
    expect(judged.add([1, 1]).check()).toBe('list')
    expect(judged.model.size).toBe(128)
    expect(judged.add([201]).check([201])).toBe('places')
    expect(judged.remove(range(0, 65, 2)).check()).toBe('places')
    expect(judged.model.size).toBe(64)
    expect(judged.remove([1]).check([1])).toBe('list')
  })

  it('stay a list while a table of blocks would be mostly empty', () => {
    const judged = new Judged(mode).add(range(0, 160, BLOCK))
    expect(judged.check()).toBe('list')
    // 160 blocks are worth it from 1280 members on.
    expect(judged.add(range(1, 1120)).check()).toBe('list')
    expect(judged.add([5000]).check([5000])).toBe('bitmap+places')
  })

  it('put a bitmap in a block with the 1025th member there, and places again below 512', () => {
    const judged = new Judged(mode).add(range(0, 1024, 3))
    expect(judged.check()).toBe('places')
    expect(judged.add([3, 3069]).check()).toBe('places')
    expect(judged.add([4]).check([4, 5])).toBe('bitmap')
    expect(judged.add([4]).remove([5]).check([4, 5])).toBe('bitmap')
    expect(judged.remove(range(0, 513, 3)).check([0, 4])).toBe('bitmap')
    expect(judged.model.size).toBe(512)
    expect(judged.remove([4]).check([4])).toBe('places')
    expect(judged.remove([4]).add([4]).check([4])).toBe('places')
  })

  it('hold a whole block and more', () => {
    const judged = new Judged(mode).add(range(0, BLOCK + 2))
    // After a block that is full the next ones have bitmaps from the start.
    expect(judged.check([BLOCK + 1, BLOCK + 2])).toBe('bitmap')
    expect(judged.remove([BLOCK]).check([BLOCK])).toBe('bitmap+places')
    expect(judged.remove([BLOCK + 1]).check([BLOCK])).toBe('bitmap')
    expect(judged.add([5 * BLOCK]).check([3 * BLOCK, 5 * BLOCK, 6 * BLOCK, 100 * BLOCK])).toBe('bitmap')
    judged.remove([3 * BLOCK, 100 * BLOCK])
    judged.add(range(6 * BLOCK, 60, BLOCK))
    expect(judged.check([70 * BLOCK])).toBe('bitmap+places')
    expect(judged.remove(range(0, 66 * BLOCK, 1).filter((slot) => judged.model.has(slot))).check([5 * BLOCK])).toBe(
      'single',
    )
  })

  it('lay the bitmaps of neighbouring full blocks side by side, on lines of the cache', () => {
    const { arena, postings, set } = new Judged(mode).add(range(0, 11 * BLOCK, 2))
    const { address, length } = postings.operand(set)
    const refs = range(0, length).map((block) => arena.u32[(address + block * 8) >>> 2] as number)
    for (let block = 0; block < 11; block++) expect((refs[block] as number) % 64).toBe(0)
    for (const block of [2, 3, 4, 5, 6, 7, 8, 10]) expect(refs[block]).toBe((refs[block - 1] as number) + BLOCK / 8)
    // Blocks in which something was already are left as they are.
    const judged = new Judged(mode).add([4 * BLOCK + 7, ...range(9 * BLOCK, 200), ...range(0, 12 * BLOCK, 3)])
    expect(judged.check([4 * BLOCK + 7, 11 * BLOCK])).toBe('bitmap')
  })

  it('give their room back to the arena', () => {
    const { arena, postings, set } = new Judged(mode)
    const fillAndEmpty = () => {
      for (const slot of range(0, 5000, 3)) postings.add(set, slot)
      for (const slot of range(3 * BLOCK, 300)) postings.add(set, slot)
      for (const slot of range(3 * BLOCK, 300)) postings.remove(set, slot)
      for (const slot of range(0, 5000, 3)) postings.remove(set, slot)
      for (const slot of range(0, 2 * BLOCK + 3000, 2)) postings.add(set, slot)
      for (const slot of range(0, 2 * BLOCK + 3000, 2)) postings.remove(set, slot)
    }
    // What is taken back may have other sizes than what was handed out, at first.
    for (let i = 0; i < 4; i++) fillAndEmpty()
    const { top } = arena
    for (let i = 0; i < 5; i++) fillAndEmpty()
    expect(arena.top).toBe(top)
  })
})

it('an empty set keeps a note in place of members', () => {
  const postings = new Postings(new Arena('plain'))
  const [a, b] = [postings.addSet(), postings.addSet()]
  expect([a, b, postings.length]).toEqual([0, 1, 2])
  postings.setLink(a, 7)
  expect([postings.getLink(a), postings.count(a), membersOf(postings, a)]).toEqual([7, 0, []])
  expect(postings.has(a, 7)).toBe(false)
  postings.remove(a, 7)
  postings.add(a, 3)
  expect(membersOf(postings, a)).toEqual([3])
})

it('sets go on from their state', () => {
  const arena = new Arena('plain')
  const postings = new Postings(arena)
  for (const [set, length] of [0, 1, 50, 3000].entries()) {
    postings.addSet()
    for (const slot of range(set, length, 2)) postings.add(set, slot)
  }
  const other = new Postings(arena)
  other.restore(postings.state())
  expect(other.length).toBe(4)
  for (const [set, length] of [0, 1, 50, 3000].entries()) expect(membersOf(other, set)).toEqual(range(set, length, 2))
})
