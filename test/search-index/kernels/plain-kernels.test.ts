import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENTRY_WORDS, JOB, JOB_WORDS, OPERATION } from '../../../src/search-index/kernels/abi.ts'
import { Arena } from '../../../src/search-index/memory/arena.ts'
import { U8Column, U32Column } from '../../../src/search-index/memory/column.ts'
import { type Operand, Postings } from '../../../src/search-index/postings.ts'
import { Random } from '../../support/random.ts'
import { bothOver, layoutOf } from '../both-kernels.ts'

// What kernels work out of sets and of single resources; `kernels.test.ts` has names and pages.

const SEVERAL = 3
const BLOCK = 32_768
const SLOTS = SEVERAL * BLOCK - 1000
const U32_MAX = 0xffff_ffff

const random = new Random(4711)
const KEYS = 4
/** Pairs, each by whether it has a slot; the key of a pair is its number by threes. */
const PAIRS: readonly ((slot: number) => boolean)[] = [
  (slot) => slot % 2 === 0,
  (slot) => slot % 5000 === 17,
  (slot) => slot === 40_000,
  () => false,
  (slot) => (slot < BLOCK ? slot % 90 === 0 : slot >= 2 * BLOCK && slot % 3 === 0),
  (slot) => slot >= 2 * BLOCK && slot % 7 < 5,
  (slot) => slot >= BLOCK && slot < 2 * BLOCK,
  (slot) => slot % 101 === 3,
  (slot) => (slot < BLOCK ? random.chance(0.5) : random.chance(0.01)),
  (slot) => slot < 1500,
  (slot) => slot % 800 === 5,
  (slot) => slot % 1000 < 900,
]
const TERMS = PAIRS.length + KEYS

/** Slots with their pairs, as an index has them. */
function makeWorld() {
  const arena = new Arena('wasm')
  const kernels = bothOver(arena)
  const postings = new Postings(arena)
  const [runs, parents, marks] = [new U32Column(arena), new U32Column(arena), new U32Column(arena)]
  const lengths = new U8Column(arena)
  const members = Array.from({ length: TERMS }, () => new Uint8Array(SLOTS))
  for (let term = 0; term < TERMS; term++) {
    postings.addSet()
    marks.push(0)
    parents.push(term < PAIRS.length ? PAIRS.length + Math.floor(term / 3) : 0)
  }
  for (let slot = 0; slot < SLOTS; slot++) {
    const pairs = PAIRS.flatMap((has, pair) => (has(slot) ? [pair] : []))
    for (const pair of pairs) {
      for (const term of [pair, parents.get(pair)]) {
        ;(members[term] as Uint8Array)[slot] = 1
        postings.add(term, slot)
      }
    }
    const run = pairs.length === 0 ? 0 : arena.alloc(pairs.length * 4)
    arena.u32.set(pairs, run >>> 2)
    runs.push(run)
    lengths.push(pairs.length)
  }
  const layout = layoutOf(arena, {
    tagLists: runs.table,
    tagCounts: lengths.table,
    parents: parents.table,
    marks: marks.table,
  })
  const program = arena.alloc(100 * ENTRY_WORDS * 4)
  const jobs = arena.alloc(JOB_WORDS * 4)
  const [list, out, out2] = [arena.alloc(SLOTS * 4), arena.alloc(SLOTS * 4 + 2000), arena.alloc(SLOTS * 4 + 2000)]
  return { arena, kernels, postings, marks, members, layout, program, jobs, list, outs: { plain: out, wasm: out2 } }
}

const world = makeWorld()

type Page = { readonly offset: number; readonly limit: number }
type Asked = {
  readonly needs: readonly (readonly number[])[]
  readonly bars: readonly number[]
  readonly notAll: readonly (readonly number[])[]
}

/** Longer ones than kernels take at a time. */
const union = fc.uniqueArray(fc.nat(TERMS - 1), { minLength: 1, maxLength: 11 })
const asked: fc.Arbitrary<Asked> = fc.record({
  needs: fc.array(union, { minLength: 1, maxLength: 4 }),
  bars: fc.uniqueArray(fc.nat(TERMS - 1), { maxLength: 3 }),
  notAll: fc.oneof(fc.constant([]), fc.array(union, { minLength: 1, maxLength: 3 })),
})
const page: fc.Arbitrary<Page> = fc.record({
  offset: fc.oneof(fc.constant(0), fc.nat(100), fc.nat(SLOTS)),
  limit: fc.oneof(fc.constantFrom(0, 1, 10, U32_MAX), fc.nat(SLOTS)),
})

function has(terms: readonly number[], slot: number): boolean {
  return terms.some((term) => world.members[term]?.[slot] === 1)
}

/** The slots of all that a query asks for, by plain sets. */
function slotsOf({ needs, bars, notAll }: Asked): number[] {
  const united = (terms: readonly number[]) => {
    const found = new Uint8Array(SLOTS)
    for (const term of terms) {
      const of = world.members[term] as Uint8Array
      for (let slot = 0; slot < SLOTS; slot++) found[slot]! |= of[slot]!
    }
    return found
  }
  const [needed, barred, all] = [needs.map(united), united(bars), notAll.map(united)]
  const slots: number[] = []
  for (let slot = 0; slot < SLOTS; slot++) {
    if (barred[slot] || !needed.every((of) => of[slot])) continue
    if (all.length === 0 || !all.every((of) => of[slot])) slots.push(slot)
  }
  return slots
}

function holds({ needs, bars, notAll }: Asked, slot: number): boolean {
  if (!needs.every((terms) => has(terms, slot)) || has(bars, slot)) return false
  return notAll.length === 0 || !notAll.every((terms) => has(terms, slot))
}

/** Writes a program; `rest` says of each step what those after it cost. */
function writeProgram({ needs, bars, notAll }: Asked, rest: () => number): number {
  const { arena, postings, program } = world
  let steps = 0
  const step = (operation: number, operand?: Operand) => {
    const { kind = 0, address = 0, length = 0 } = operand ?? {}
    arena.u32.set([operation | kind, address, length, 0, rest()], (program >>> 2) + steps++ * ENTRY_WORDS)
  }
  const unite = (terms: readonly number[], ofOne: number, ofSpare: number) => {
    if (terms.length === 1) step(ofOne, postings.operand(terms[0] as number))
    else {
      step(OPERATION.clearUnion)
      for (const term of terms) step(OPERATION.orUnion, postings.operand(term))
      step(ofSpare)
    }
  }
  for (const [i, terms] of needs.entries()) {
    if (i === 0) unite(terms, OPERATION.load, OPERATION.loadUnion)
    else unite(terms, OPERATION.and, OPERATION.andUnion)
  }
  for (const term of bars) step(OPERATION.andNot, postings.operand(term))
  if (notAll.length > 0) {
    step(OPERATION.startNand)
    for (const terms of notAll) unite(terms, OPERATION.andNand, OPERATION.andNandUnion)
    step(OPERATION.subtractNand)
  }
  return steps
}

/** Marks the terms of each condition with a bit of its own, for the time of some work. */
function withMarks<T>({ needs, bars, notAll }: Asked, work: (masks: [number, number, number, number]) => T): T {
  const marks = new Map<number, number>()
  let bits = 0
  const take = (terms: readonly number[]) => {
    const bit = 1 << bits++
    for (const term of terms) marks.set(term, (marks.get(term) ?? 0) | bit)
    return bit
  }
  const need = needs.reduce((mask, terms) => mask | take(terms), 0)
  const bar = bars.length > 0 ? take(bars) : 0
  const all = notAll.reduce((mask, terms) => mask | take(terms), 0)
  for (const [term, mask] of marks) world.marks.set(term, mask)
  try {
    return work([need, bar, all, [...marks.keys()].some((term) => term >= PAIRS.length) ? 1 : 0])
  } finally {
    for (const term of marks.keys()) world.marks.set(term, 0)
  }
}

/** Holds what both kernels gave and wrote against the truth. */
function compare(expected: readonly number[], { offset, limit }: Page, run: (kind: 'plain' | 'wasm') => number): void {
  const shown = expected.slice(offset, offset + limit)
  for (const kind of ['plain', 'wasm'] as const) {
    const out = world.outs[kind] >>> 2
    world.arena.u32.fill(U32_MAX, out + shown.length, out + shown.length + 500)
    expect({ kind, total: run(kind) >>> 0 }).toEqual({ kind, total: expected.length })
    const written = world.arena.u32.subarray(out, out + shown.length)
    if (!shown.every((slot, i) => slot === written[i]))
      expect({ kind, written: [...written] }).toEqual({ kind, written: shown })
    // Nothing is written that was not asked for.
    expect(
      world.arena.u32.subarray(out + shown.length, out + shown.length + 500).every((word) => word === U32_MAX),
    ).toBe(true)
  }
}

/** Runs one program by itself; gives its total. */
function evaluate(kind: 'plain' | 'wasm', steps: number, blocks: number, masks: readonly number[], page: Page): number {
  const { arena, kernels, layout, program, outs, jobs } = world
  const { offset, limit } = page
  arena.u32.set([program, steps, ...masks, offset, limit, outs[kind], 0, 0], jobs >>> 2)
  kernels[kind].evaluate(layout, jobs, 1, blocks)
  const written = Math.max(0, Math.min(arena.u32[(jobs >>> 2) + JOB.total]! - offset, limit))
  expect(arena.u32[(jobs >>> 2) + JOB.written]).toBe(written)
  return arena.u32[(jobs >>> 2) + JOB.total]!
}

describe('evaluate', () => {
  it('works out any program, as plain sets have it', () => {
    fc.assert(
      fc.property(asked, page, (query, { offset, limit }) => {
        const expected = slotsOf(query)
        compare(expected, { offset, limit }, (kind) => {
          const steps = writeProgram(query, () => 0)
          return evaluate(kind, steps, SEVERAL, [0, 0, 0, 0], { offset, limit })
        })
      }),
      { numRuns: 50 },
    )
  })

  it('gives the same when it may look at single resources where that is cheaper', () => {
    const rests = fc.array(fc.constantFrom(0, 400, 401, 4000, 40_000, 2 ** 31), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(asked, page, rests, (query, { offset, limit }, rest) => {
        const expected = slotsOf(query)
        withMarks(query, (masks) => {
          compare(expected, { offset, limit }, (kind) => {
            let step = 0
            const steps = writeProgram(query, () => rest[step++ % rest.length] as number)
            return evaluate(kind, steps, SEVERAL, masks, { offset, limit })
          })
        })
      }),
      { numRuns: 50 },
    )
  })

  it('looks no further than the blocks it is given', () => {
    const query = { needs: [[0]], bars: [], notAll: [] }
    for (const blocks of [0, 1, 2]) {
      const expected = slotsOf(query).filter((slot) => slot < blocks * BLOCK)
      compare(expected, { offset: 0, limit: U32_MAX }, (kind) => {
        const steps = writeProgram(query, () => 0)
        return evaluate(kind, steps, blocks, [0, 0, 0, 0], { offset: 0, limit: U32_MAX })
      })
    }
  })
})

describe('check', () => {
  it('keeps of any list whom the masks let through', () => {
    const slots = fc
      .uniqueArray(fc.nat(SLOTS - 1), { maxLength: 200, size: 'max' })
      .map((list) => list.sort((a, b) => a - b))
    fc.assert(
      fc.property(asked, slots, page, (query, list, { offset, limit }) => {
        world.arena.u32.set(list, world.list >>> 2)
        const expected = list.filter((slot) => holds(query, slot))
        withMarks(query, (masks) => {
          compare(expected, { offset, limit }, (kind) => {
            const { kernels, layout, outs } = world
            return kernels[kind].check(layout, world.list, list.length, ...masks, offset, limit, outs[kind])
          })
        })
      }),
      { numRuns: 300 },
    )
  })

  it('lets everything through when nothing is asked', () => {
    world.arena.u32.set([1, 2, 3], world.list >>> 2)
    compare([1, 2, 3], { offset: 1, limit: 1 }, (kind) => {
      const { kernels, layout, outs } = world
      return kernels[kind].check(layout, world.list, 3, 0, 0, 0, 0, 1, 1, outs[kind])
    })
  })
})
