import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BLOCKED_OPERAND, CONTAINER, CONTAINER_BYTES } from '../../src/search-index/kernels/abi.ts'
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

/** Reads the operand of a set. */
function operandOf(arena: Arena, postings: Postings, set: number): { form: string; members: number[] } {
  const { kind, address, length } = postings.operand(set)
  const { u16, u32 } = arena
  if (kind !== BLOCKED_OPERAND) {
    return { form: length < 2 ? 'single' : 'list', members: [...u32.subarray(address >>> 2, (address >>> 2) + length)] }
  }
  const members: number[] = []
  const forms = new Set<string>()
  for (let block = 0; block < length; block++) {
    const container = address + block * CONTAINER_BYTES
    const ref = u32[(container + CONTAINER.address) >>> 2] as number
    if (ref === 0) continue
    const count = u16[(container + CONTAINER.count) >>> 1] as number
    const capacity = u16[(container + CONTAINER.capacity) >>> 1] as number
    forms.add(capacity > 0 ? 'array' : 'bitmap')
    const before = members.length
    if (capacity > 0) {
      for (const offset of u16.subarray(ref >>> 1, (ref >>> 1) + count)) members.push(block * BLOCK + offset)
    } else {
      for (let offset = 0; offset < BLOCK; offset++) {
        if (((u32[(ref >>> 2) + (offset >>> 5)] as number) >>> (offset & 31)) & 1) members.push(block * BLOCK + offset)
      }
    }
    expect(members.length - before).toBe(count)
  }
  return { form: [...forms].sort().join('+'), members }
}

/** A posting and a JavaScript set with the same members. */
class CheckedSet {
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

  /** Compares the posting with the set. Returns its form. */
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
  it('after any changes, in all forms, a posting has the members of a set', () => {
    const operation = fc.record({
      kind: fc.constantFrom('add', 'add', 'remove'),
      start: fc.oneof(fc.nat(300), fc.nat(4 * BLOCK), fc.constantFrom(BLOCK - 5, 2 * BLOCK - 700)),
      length: fc.oneof(fc.constant(1), fc.nat(100), fc.integer({ min: 500, max: 3000 })),
      step: fc.constantFrom(1, 1, 3, 700),
    })
    const forms = new Map<string, number>()
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 25 }), (operations) => {
        const checked = new CheckedSet(mode)
        for (const { kind, start, length, step } of operations) {
          checked[kind](range(start, step === 700 ? length % 400 : length, step))
          const form = checked.check([start, start + 1, start + length, start + length * step])
          forms.set(form, (forms.get(form) ?? 0) + 1)
        }
        // Removes all members, in a scattered order.
        const left = [...checked.model].sort((a, b) => ((a * 7919) % 104_729) - ((b * 7919) % 104_729))
        for (let i = 0; i < left.length; i += 400) checked.remove(left.slice(i, i + 400)).check()
        expect(checked.postings.isList(checked.set)).toBe(true)
      }),
      { numRuns: 40 },
    )
    for (const form of ['single', 'list', 'array', 'bitmap', 'array+bitmap']) {
      expect({ form, times: forms.get(form) ?? 0 }).not.toEqual({ form, times: 0 })
    }
  })

  it('a single member is stored in place, and a second one makes the set a list', () => {
    const checked = new CheckedSet(mode)
    expect(checked.check()).toBe('single')
    checked.remove([3])
    expect(checked.add([9]).check([8, 9])).toBe('single')
    expect(checked.add([9]).remove([8]).check([8, 9])).toBe('single')
    expect(checked.add([4]).check([4, 9])).toBe('list')
    expect(checked.add([9, 4]).remove([5, 10]).check([4, 5, 9, 10])).toBe('list')
    expect(checked.remove([4]).check([4, 9])).toBe('single')
    expect(checked.remove([9]).check([9])).toBe('single')
  })

  it('a set becomes blocked with the 129th member of one block, and a list again below 64', () => {
    const checked = new CheckedSet(mode).add(range(0, 127, 2))
    expect(checked.add([1, 1]).check()).toBe('list')
    expect(checked.model.size).toBe(128)
    expect(checked.add([201]).check([201])).toBe('array')
    expect(checked.remove(range(0, 65, 2)).check()).toBe('array')
    expect(checked.model.size).toBe(64)
    expect(checked.remove([1]).check([1])).toBe('list')
  })

  it('a set stays a list while a table of containers would be mostly empty', () => {
    const checked = new CheckedSet(mode).add(range(0, 160, BLOCK))
    expect(checked.check()).toBe('list')
    // 160 blocks need 1280 members.
    expect(checked.add(range(1, 1120)).check()).toBe('list')
    expect(checked.add([5000]).check([5000])).toBe('array+bitmap')
  })

  it('a container becomes a bitmap with its 1025th member, and an array again below 512', () => {
    const checked = new CheckedSet(mode).add(range(0, 1024, 3))
    expect(checked.check()).toBe('array')
    expect(checked.add([3, 3069]).check()).toBe('array')
    expect(checked.add([4]).check([4, 5])).toBe('bitmap')
    expect(checked.add([4]).remove([5]).check([4, 5])).toBe('bitmap')
    expect(checked.remove(range(0, 513, 3)).check([0, 4])).toBe('bitmap')
    expect(checked.model.size).toBe(512)
    expect(checked.remove([4]).check([4])).toBe('array')
    expect(checked.remove([4]).add([4]).check([4])).toBe('array')
  })

  it('a set can contain whole blocks', () => {
    const checked = new CheckedSet(mode).add(range(0, BLOCK + 2))
    // The blocks after a full one have bitmaps from the start.
    expect(checked.check([BLOCK + 1, BLOCK + 2])).toBe('bitmap')
    expect(checked.remove([BLOCK]).check([BLOCK])).toBe('array+bitmap')
    expect(checked.remove([BLOCK + 1]).check([BLOCK])).toBe('bitmap')
    expect(checked.add([5 * BLOCK]).check([3 * BLOCK, 5 * BLOCK, 6 * BLOCK, 100 * BLOCK])).toBe('bitmap')
    checked.remove([3 * BLOCK, 100 * BLOCK])
    checked.add(range(6 * BLOCK, 60, BLOCK))
    expect(checked.check([70 * BLOCK])).toBe('array+bitmap')
    expect(checked.remove(range(0, 66 * BLOCK, 1).filter((slot) => checked.model.has(slot))).check([5 * BLOCK])).toBe(
      'single',
    )
  })

  it('the bitmaps of adjacent full blocks are contiguous and aligned to cache lines', () => {
    const { arena, postings, set } = new CheckedSet(mode).add(range(0, 11 * BLOCK, 2))
    const { address, length } = postings.operand(set)
    const refs = range(0, length).map((block) => arena.u32[(address + block * CONTAINER_BYTES) >>> 2] as number)
    for (let block = 0; block < 11; block++) expect((refs[block] as number) % 64).toBe(0)
    for (const block of [2, 3, 4, 5, 6, 7, 8, 10]) expect(refs[block]).toBe((refs[block - 1] as number) + BLOCK / 8)
    // Blocks that already have members are unchanged.
    const checked = new CheckedSet(mode).add([4 * BLOCK + 7, ...range(9 * BLOCK, 200), ...range(0, 12 * BLOCK, 3)])
    expect(checked.check([4 * BLOCK + 7, 11 * BLOCK])).toBe('bitmap')
  })

  it('removed members return their memory to the arena', () => {
    const { arena, postings, set } = new CheckedSet(mode)
    const fillAndEmpty = () => {
      for (const slot of range(0, 5000, 3)) postings.add(set, slot)
      for (const slot of range(3 * BLOCK, 300)) postings.add(set, slot)
      for (const slot of range(3 * BLOCK, 300)) postings.remove(set, slot)
      for (const slot of range(0, 5000, 3)) postings.remove(set, slot)
      for (const slot of range(0, 2 * BLOCK + 3000, 2)) postings.add(set, slot)
      for (const slot of range(0, 2 * BLOCK + 3000, 2)) postings.remove(set, slot)
    }
    // The size classes of freed and allocated blocks need some rounds to match.
    for (let i = 0; i < 4; i++) fillAndEmpty()
    const { top } = arena
    for (let i = 0; i < 5; i++) fillAndEmpty()
    expect(arena.top).toBe(top)
  })
})

it('an empty set stores a link, which is not a member', () => {
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

it('restored postings have the same members', () => {
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
