import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENTRY_WORDS, JOB, JOB_WORDS, OPERATION } from '../../../src/search-index/kernels/abi.ts'
import { Arena } from '../../../src/search-index/memory/arena.ts'
import { U8Column, U32Column } from '../../../src/search-index/memory/column.ts'
import { type Operand, Postings } from '../../../src/search-index/postings.ts'
import { Random } from '../../support/random.ts'
import { bothOver, tablesOf } from '../both-kernels.ts'

// Both kernels over random programs and lists of slots, compared with plain sets.

const BLOCKS = 3
const BLOCK = 32_768
const SLOTS = BLOCKS * BLOCK - 1000
const U32_MAX = 0xffff_ffff

const random = new Random(4711)
const KEYS = 4
/** For each pair, which slots carry it. Three consecutive pairs share a key. */
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

/** The postings, marks and tag lists of an index with these pairs. */
function makeWorld() {
  const arena = new Arena('wasm')
  const kernels = bothOver(arena)
  const postings = new Postings(arena)
  const [tagLists, parents, marks] = [new U32Column(arena), new U32Column(arena), new U32Column(arena)]
  const tagCounts = new U8Column(arena)
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
    const list = pairs.length === 0 ? 0 : arena.alloc(pairs.length * 4)
    arena.u32.set(pairs, list >>> 2)
    tagLists.push(list)
    tagCounts.push(pairs.length)
  }
  const tables = tablesOf(arena, {
    tagLists: tagLists.table,
    tagCounts: tagCounts.table,
    parents: parents.table,
    marks: marks.table,
  })
  const program = arena.alloc(100 * ENTRY_WORDS * 4)
  const jobs = arena.alloc(JOB_WORDS * 4)
  const [list, out, out2] = [arena.alloc(SLOTS * 4), arena.alloc(SLOTS * 4 + 2000), arena.alloc(SLOTS * 4 + 2000)]
  return { arena, kernels, postings, marks, members, tables, program, jobs, list, outs: { plain: out, wasm: out2 } }
}

const world = makeWorld()

type Page = { readonly offset: number; readonly limit: number }
type Conditions = {
  readonly required: readonly (readonly number[])[]
  readonly excluded: readonly number[]
  readonly notAll: readonly (readonly number[])[]
}

/** Up to more terms than kernels combine in one pass. */
const union = fc.uniqueArray(fc.nat(TERMS - 1), { minLength: 1, maxLength: 11 })
const conditions: fc.Arbitrary<Conditions> = fc.record({
  required: fc.array(union, { minLength: 1, maxLength: 4 }),
  excluded: fc.uniqueArray(fc.nat(TERMS - 1), { maxLength: 3 }),
  notAll: fc.oneof(fc.constant([]), fc.array(union, { minLength: 1, maxLength: 3 })),
})
const page: fc.Arbitrary<Page> = fc.record({
  offset: fc.oneof(fc.constant(0), fc.nat(100), fc.nat(SLOTS)),
  limit: fc.oneof(fc.constantFrom(0, 1, 10, U32_MAX), fc.nat(SLOTS)),
})

function has(terms: readonly number[], slot: number): boolean {
  return terms.some((term) => world.members[term]?.[slot] === 1)
}

/** The slots that meet all conditions, computed with plain sets. */
function slotsOf({ required, excluded, notAll }: Conditions): number[] {
  const united = (terms: readonly number[]) => {
    const set = new Uint8Array(SLOTS)
    for (const term of terms) {
      const of = world.members[term] as Uint8Array
      for (let slot = 0; slot < SLOTS; slot++) set[slot]! |= of[slot]!
    }
    return set
  }
  const [requiredSets, excludedSet, notAllSets] = [required.map(united), united(excluded), notAll.map(united)]
  const slots: number[] = []
  for (let slot = 0; slot < SLOTS; slot++) {
    if (excludedSet[slot] || !requiredSets.every((of) => of[slot])) continue
    if (notAllSets.length === 0 || !notAllSets.every((of) => of[slot])) slots.push(slot)
  }
  return slots
}

function meets({ required, excluded, notAll }: Conditions, slot: number): boolean {
  if (!required.every((terms) => has(terms, slot)) || has(excluded, slot)) return false
  return notAll.length === 0 || !notAll.every((terms) => has(terms, slot))
}

/** Writes a program; `restCost` gives the rest cost of each entry. Returns the number of entries. */
function writeProgram({ required, excluded, notAll }: Conditions, restCost: () => number): number {
  const { arena, postings, program } = world
  let steps = 0
  const step = (operation: number, operand?: Operand) => {
    const { kind = 0, address = 0, length = 0 } = operand ?? {}
    arena.u32.set([operation | kind, address, length, 0, restCost()], (program >>> 2) + steps++ * ENTRY_WORDS)
  }
  const unite = (terms: readonly number[], ofTerm: number, ofUnion: number) => {
    if (terms.length === 1) step(ofTerm, postings.operand(terms[0] as number))
    else {
      step(OPERATION.clearUnion)
      for (const term of terms) step(OPERATION.orUnion, postings.operand(term))
      step(ofUnion)
    }
  }
  for (const [i, terms] of required.entries()) {
    if (i === 0) unite(terms, OPERATION.load, OPERATION.loadUnion)
    else unite(terms, OPERATION.and, OPERATION.andUnion)
  }
  for (const term of excluded) step(OPERATION.andNot, postings.operand(term))
  if (notAll.length > 0) {
    step(OPERATION.startNand)
    for (const terms of notAll) unite(terms, OPERATION.andNand, OPERATION.andNandUnion)
    step(OPERATION.subtractNand)
  }
  return steps
}

/** Marks the terms of each condition with its own bit for the duration of a call. */
function withMarks<T>(
  { required, excluded, notAll }: Conditions,
  call: (masks: [number, number, number, number]) => T,
): T {
  const marks = new Map<number, number>()
  let bits = 0
  const take = (terms: readonly number[]) => {
    const bit = 1 << bits++
    for (const term of terms) marks.set(term, (marks.get(term) ?? 0) | bit)
    return bit
  }
  const requiredBits = required.reduce((mask, terms) => mask | take(terms), 0)
  const excludedBits = excluded.length > 0 ? take(excluded) : 0
  const notAllBits = notAll.reduce((mask, terms) => mask | take(terms), 0)
  for (const [term, mask] of marks) world.marks.set(term, mask)
  try {
    return call([
      requiredBits,
      excludedBits,
      notAllBits,
      [...marks.keys()].some((term) => term >= PAIRS.length) ? 1 : 0,
    ])
  } finally {
    for (const term of marks.keys()) world.marks.set(term, 0)
  }
}

/** Expects both kernels to return the total and to store the page of the expected slots. */
function compare(expected: readonly number[], { offset, limit }: Page, run: (kind: 'plain' | 'wasm') => number): void {
  const shown = expected.slice(offset, offset + limit)
  for (const kind of ['plain', 'wasm'] as const) {
    const out = world.outs[kind] >>> 2
    world.arena.u32.fill(U32_MAX, out + shown.length, out + shown.length + 500)
    expect({ kind, total: run(kind) >>> 0 }).toEqual({ kind, total: expected.length })
    const written = world.arena.u32.subarray(out, out + shown.length)
    if (!shown.every((slot, i) => slot === written[i]))
      expect({ kind, written: [...written] }).toEqual({ kind, written: shown })
    // Nothing is written past the page.
    expect(
      world.arena.u32.subarray(out + shown.length, out + shown.length + 500).every((word) => word === U32_MAX),
    ).toBe(true)
  }
}

/** Runs the program as a single job. Returns its total. */
function evaluate(kind: 'plain' | 'wasm', steps: number, blocks: number, masks: readonly number[], page: Page): number {
  const { arena, kernels, tables, program, outs, jobs } = world
  const { offset, limit } = page
  arena.u32.set([program, steps, ...masks, offset, limit, outs[kind], 0, 0], jobs >>> 2)
  kernels[kind].evaluate(tables, jobs, 1, blocks)
  const written = Math.max(0, Math.min(arena.u32[(jobs >>> 2) + JOB.total]! - offset, limit))
  expect(arena.u32[(jobs >>> 2) + JOB.written]).toBe(written)
  return arena.u32[(jobs >>> 2) + JOB.total]!
}

describe('evaluate', () => {
  it('any program finds the slots that plain sets find', () => {
    fc.assert(
      fc.property(conditions, page, (query, { offset, limit }) => {
        const expected = slotsOf(query)
        compare(expected, { offset, limit }, (kind) => {
          const steps = writeProgram(query, () => 0)
          return evaluate(kind, steps, BLOCKS, [0, 0, 0, 0], { offset, limit })
        })
      }),
      { numRuns: 50 },
    )
  })

  it('a program finds the same slots when it may test single resources', () => {
    const restCosts = fc.array(fc.constantFrom(0, 400, 401, 4000, 40_000, 2 ** 31), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(conditions, page, restCosts, (query, { offset, limit }, costs) => {
        const expected = slotsOf(query)
        withMarks(query, (masks) => {
          compare(expected, { offset, limit }, (kind) => {
            let step = 0
            const steps = writeProgram(query, () => costs[step++ % costs.length] as number)
            return evaluate(kind, steps, BLOCKS, masks, { offset, limit })
          })
        })
      }),
      { numRuns: 50 },
    )
  })

  it('a program reads only the given number of blocks', () => {
    const query = { required: [[0]], excluded: [], notAll: [] }
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
  it('the slots of any list are kept that match the masks', () => {
    const slots = fc
      .uniqueArray(fc.nat(SLOTS - 1), { maxLength: 200, size: 'max' })
      .map((list) => list.sort((a, b) => a - b))
    fc.assert(
      fc.property(conditions, slots, page, (query, list, { offset, limit }) => {
        world.arena.u32.set(list, world.list >>> 2)
        const expected = list.filter((slot) => meets(query, slot))
        withMarks(query, (masks) => {
          compare(expected, { offset, limit }, (kind) => {
            const { kernels, tables, outs } = world
            return kernels[kind].check(tables, world.list, list.length, ...masks, offset, limit, outs[kind])
          })
        })
      }),
      { numRuns: 300 },
    )
  })

  it('without masks every slot of the list is kept', () => {
    world.arena.u32.set([1, 2, 3], world.list >>> 2)
    compare([1, 2, 3], { offset: 1, limit: 1 }, (kind) => {
      const { kernels, tables, outs } = world
      return kernels[kind].check(tables, world.list, 3, 0, 0, 0, 0, 1, 1, outs[kind])
    })
  })
})
