import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Arena } from '../../src/core/arena.ts'
import { U8Column, U32Column } from '../../src/core/column.ts'
import { Details } from '../../src/core/details.ts'
import { Ids } from '../../src/core/ids.ts'
import { BLOCK_BYTES, ENTRY_WORDS, LAYOUT, LAYOUT_WORDS, OPERATION } from '../../src/core/kernels.ts'
import { Names } from '../../src/core/names.ts'
import { type PageShape, PreparedShape } from '../../src/core/page-shape.ts'
import { plainKernels } from '../../src/core/plain-kernels.ts'
import { type Operand, Postings } from '../../src/core/postings.ts'
import { TagDictionary } from '../../src/core/tag-dictionary.ts'
import { foldCase } from '../../src/core/text.ts'
import { encodeFolded, encodeText } from '../../src/core/texts.ts'
import { Random } from '../support/random.ts'
import { anyText } from './any-text.ts'

// Both kernels work over the same memory here: what one gives and writes is compared with the other and with the truth.

const SEVERAL = 3
const BLOCK = 32_768
const SLOTS = SEVERAL * BLOCK - 1000
const U32_MAX = 0xffff_ffff

function bothOver(arena: Arena) {
  // The first block makes the memory, and with it the fast kernels.
  arena.alloc(8)
  expect(arena.kernels.isFast).toBe(true)
  return { plain: plainKernels(arena), wasm: arena.kernels }
}

type Tables = Partial<Record<Exclude<keyof typeof LAYOUT, 'registers'>, number>>

function layoutOf(arena: Arena, tables: Tables): number {
  const layout = arena.alloc(LAYOUT_WORDS * 4)
  const registers = arena.alloc(3 * BLOCK_BYTES)
  arena.u32.fill(0, layout >>> 2, (layout >>> 2) + LAYOUT_WORDS)
  arena.u32[(layout >>> 2) + LAYOUT.registers] = registers
  for (const [name, table] of Object.entries(tables)) {
    arena.u32[(layout >>> 2) + LAYOUT[name as keyof typeof LAYOUT]] = table
  }
  return layout
}

// ------------------------------------------------------------------------------------------------- programs and checks

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
    postings.open()
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
    ...{ runs: runs.table, lengths: lengths.table, parents: parents.table, marks: marks.table },
  })
  const program = arena.alloc(100 * ENTRY_WORDS * 4)
  const [list, out, out2] = [arena.alloc(SLOTS * 4), arena.alloc(SLOTS * 4 + 2000), arena.alloc(SLOTS * 4 + 2000)]
  return { arena, kernels, postings, marks, members, layout, program, list, outs: { plain: out, wasm: out2 } }
}

const world = makeWorld()

type Page = { readonly offset: number; readonly limit: number }
type Asked = {
  readonly needs: readonly (readonly number[])[]
  readonly bars: readonly number[]
  readonly notAll: readonly (readonly number[])[]
}

const union = fc.uniqueArray(fc.nat(TERMS - 1), { minLength: 1, maxLength: 4 })
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
      step(OPERATION.spareClear)
      for (const term of terms) step(OPERATION.spareOr, postings.operand(term))
      step(ofSpare)
    }
  }
  for (const [i, terms] of needs.entries()) {
    if (i === 0) unite(terms, OPERATION.first, OPERATION.firstSpare)
    else unite(terms, OPERATION.and, OPERATION.andSpare)
  }
  for (const term of bars) step(OPERATION.andNot, postings.operand(term))
  if (notAll.length > 0) {
    step(OPERATION.otherCopy)
    for (const terms of notAll) unite(terms, OPERATION.otherAnd, OPERATION.otherAndSpare)
    step(OPERATION.andNotOther)
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

describe('evaluate', () => {
  it('works out any program, as plain sets have it', () => {
    fc.assert(
      fc.property(asked, page, (query, { offset, limit }) => {
        const expected = slotsOf(query)
        compare(expected, { offset, limit }, (kind) => {
          const steps = writeProgram(query, () => 0)
          const { kernels, layout, program, outs } = world
          return kernels[kind].evaluate(layout, program, steps, SEVERAL, 0, 0, 0, 0, offset, limit, outs[kind])
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
            const { kernels, layout, program, outs } = world
            return kernels[kind].evaluate(layout, program, steps, SEVERAL, ...masks, offset, limit, outs[kind])
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
        const { kernels, layout, program, outs } = world
        return kernels[kind].evaluate(layout, program, steps, blocks, 0, 0, 0, 0, 0, U32_MAX, outs[kind])
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

// ---------------------------------------------------------------------------------------------------------------- names

describe('filterNames', () => {
  function askNames(all: readonly string[], needle: { bytes: Uint8Array; length: number }, whole: number) {
    const bytes = needle.bytes.slice(0, needle.length)
    const arena = new Arena('wasm')
    const kernels = bothOver(arena)
    const names = new Names(arena)
    for (const name of all) names.open(name)
    const layout = layoutOf(arena, { names: names.texts.table })
    const [list, text] = [arena.alloc(all.length * 4), arena.alloc(bytes.length + 64)]
    arena.u8.set(bytes, text)
    return (['plain', 'wasm'] as const).map((kind) => {
      // Every slot but the first, the list itself being where the answer is written.
      for (let slot = 1; slot < all.length; slot++) arena.u32[(list >>> 2) + slot - 1] = slot
      const kept = kernels[kind].filterNames(layout, list, all.length - 1, text, bytes.length, whole, list) >>> 0
      return [...arena.u32.subarray(list >>> 2, (list >>> 2) + kept)]
    })
  }

  const names = fc.array(fc.oneof(anyText, fc.constantFrom('web-1', 'WEB-2', 'x'.repeat(17), `${'y'.repeat(40)}web`)), {
    minLength: 2,
    maxLength: 25,
  })
  const part = fc.record({ from: fc.nat(20), length: fc.integer({ min: 1, max: 20 }), upper: fc.boolean() })
  const needles = fc.oneof({ weight: 3, arbitrary: part }, { weight: 1, arbitrary: anyText })

  function slotsWhere(all: readonly string[], fits: (name: string) => boolean): number[] {
    return all.flatMap((name, slot) => (slot > 0 && fits(name) ? [slot] : []))
  }

  it('finds parts of names, letter case aside', () => {
    fc.assert(
      fc.property(names, needles, fc.nat(30), (all, needle, of) => {
        let text = needle as string
        if (typeof needle === 'object') {
          text = (all[of % all.length] as string).slice(needle.from, needle.from + needle.length)
          if (needle.upper) text = text.toUpperCase()
        }
        // The searcher looks for these in the names themselves.
        if (text === '' || !text.isWellFormed() || text.includes('\ufffd')) return
        const expected = slotsWhere(all, (name) => foldCase(name).includes(foldCase(text)))
        expect({ text, found: askNames(all, encodeFolded(text), 0) }).toEqual({ text, found: [expected, expected] })
      }),
      { numRuns: 250 },
    )
  })

  it('finds whole names, exactly', () => {
    fc.assert(
      fc.property(names, fc.nat(30), anyText, fc.boolean(), (all, of, other, isOther) => {
        const text = isOther ? other : (all[of % all.length] as string)
        const expected = slotsWhere(all, (name) => name === text)
        expect({ text, found: askNames(all, encodeText(text), 1) }).toEqual({ text, found: [expected, expected] })
      }),
      { numRuns: 250 },
    )
  })

  it.each(Array.from({ length: 40 }, (_, at) => at))(
    'finds a text at place %d of a name, and none over its end',
    (at) => {
      const all = ['', `${'.'.repeat(at)}needle`, `${'.'.repeat(at)}needl`, `${'n'.repeat(at)}needle!`, 'e']
      expect(askNames(all, encodeFolded('Needle'), 0)).toEqual([
        [1, 3],
        [1, 3],
      ])
    },
  )
})

// ---------------------------------------------------------------------------------------------------------------- pages

const SHAPE: PageShape = {
  pieces: [
    { text: '{"resource_id":"' },
    'id',
    { text: '","resource_name":"' },
    'name',
    { text: '","detail":' },
    'detail',
    { text: ',"tags":[' },
    'tags',
    { text: ']}' },
  ],
  detail: (detail) => detail,
}

type Shown = {
  readonly id: string
  readonly name: string
  readonly detail: string
  readonly tags: readonly { readonly key: string; readonly value: string }[]
}

const hex = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 32, maxLength: 32 })
  .map((all) => all.join(''))
const shown: fc.Arbitrary<Shown> = fc.record({
  id: fc.oneof(
    hex.map((digits) => digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')),
    hex.map((digits) => `${digits}in07`),
    anyText,
  ),
  name: anyText,
  detail: fc.json({ maxDepth: 1 }),
  tags: fc.uniqueArray(fc.record({ key: anyText, value: anyText }), { selector: ({ key }) => key, maxLength: 6 }),
})

function writePages(resources: readonly Shown[], shape: PageShape) {
  const arena = new Arena('wasm')
  const kernels = bothOver(arena)
  const [ids, names, details] = [new Ids(arena, 1), new Names(arena), new Details(arena, 2)]
  const dictionary = new TagDictionary(arena, 3)
  dictionary.found()
  const [runs, detailOf, lengths] = [new U32Column(arena), new U32Column(arena), new U8Column(arena)]
  for (const [slot, { id, name, detail, tags }] of resources.entries()) {
    ids.open(id)
    names.open(name)
    detailOf.push(details.use(detail))
    const pairs = tags.map(({ key, value }) => dictionary.assign(slot, key, value))
    const run = arena.alloc(pairs.length * 4)
    arena.u32.set(pairs, run >>> 2)
    runs.push(run)
    lengths.push(pairs.length)
  }
  const prepared = new PreparedShape(arena, details, shape)
  for (let slot = 0; slot < resources.length; slot++) prepared.render(detailOf.get(slot))
  const slots = arena.alloc(resources.length * 4)
  for (let slot = 0; slot < resources.length; slot++) arena.u32[(slots >>> 2) + slot] = slot
  const layout = layoutOf(arena, {
    ...{ runs: runs.table, lengths: lengths.table, parents: dictionary.parents.table, texts: dictionary.texts.table },
    ...{ idBytes: ids.bytes.table, idKinds: ids.kinds.table, names: names.texts.table, details: detailOf.table },
    ...{ rendered: prepared.rendered.table },
  })
  const bytes = Buffer.byteLength(JSON.stringify(resources)) * 3 + 1000
  const out = arena.alloc(bytes)
  /** Gives what is written into so much room; undefined when that is not enough. */
  return (kind: 'plain' | 'wasm', room: number): Buffer | undefined => {
    arena.u8.fill(0xee, out, out + bytes)
    const args = [prepared.pieces, prepared.count, out, out + room] as const
    const end = kernels[kind].writePage(layout, slots, resources.length, ...args) >>> 0
    const wellBehind = arena.u8.subarray(out + room + 32, out + bytes)
    expect(wellBehind.every((byte) => byte === 0xee)).toBe(true)
    return end === 0 ? undefined : Buffer.from(arena.u8.slice(out, end))
  }
}

function jsonOf({ id, name, detail, tags }: Shown): string {
  return `{"resource_id":${JSON.stringify(id)},"resource_name":${JSON.stringify(name)},"detail":${detail},"tags":${JSON.stringify(tags)}}`
}

describe('writePage', () => {
  const someResources = fc.uniqueArray(shown, { selector: ({ id }) => id, minLength: 1, maxLength: 8 })

  it('writes any resources as JSON has them', () => {
    fc.assert(
      fc.property(someResources, (resources) => {
        const write = writePages(resources, SHAPE)
        const expected = Buffer.from(resources.map(jsonOf).join())
        for (const kind of ['plain', 'wasm'] as const) {
          const json = write(kind, expected.length + 100)
          if (json?.equals(expected) !== true)
            expect({ kind, json: json?.toString() }).toEqual({ kind, json: expected.toString() })
        }
      }),
      { numRuns: 150 },
    )
  })

  it('writes nothing past its room, and says when there is too little, each at the same byte', () => {
    const tags = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ key: `key-${n}`, value: '值'.repeat(n % 9) }))
    const resources = [
      { id: 'text', name: 'a"b', detail: '{"n":1}', tags: [] },
      { id: '00112233-4455-6677-8899-aabbccddeeff', name: '', detail: '{"n":1}', tags: tags(2) },
      { id: '00112233445566778899aabbccddeeffin07', name: '环境', detail: 'null', tags: tags(20) },
      { id: '', name: 'last', detail: '[]', tags: [{ key: '', value: '' }] },
    ]
    for (const pieces of [SHAPE.pieces, ['id'], ['name'], ['detail'], ['tags'], []] as PageShape['pieces'][]) {
      const write = writePages(resources, { pieces, detail: (detail) => detail })
      const full = write('plain', 4000) as Buffer
      expect(write('wasm', 4000)?.toString()).toBe(full.toString())
      for (let room = 0; room < full.length + 40; room++) {
        for (const kind of ['plain', 'wasm'] as const) {
          const written = write(kind, room)
          const seen = { pieces: pieces.length, kind, room, text: written?.toString() }
          expect(seen).toEqual({ ...seen, text: room < full.length ? undefined : full.toString() })
        }
      }
    }
  })
})

// --------------------------------------------------------------------------------------------------- where there are none

describe('wasmKernels', () => {
  afterEach(() => vi.resetModules())

  /** The module as it is when nothing was compiled yet. */
  async function freshKernels(): Promise<typeof import('../../src/core/kernels.ts')> {
    vi.resetModules()
    return import('../../src/core/kernels.ts')
  }
  class Nothing {
    readonly buffer = new ArrayBuffer(0)
    readonly exports = {}
    grow(): number {
      return 0
    }
  }
  class Refused {
    readonly buffer = new ArrayBuffer(0)
    readonly exports = {}
    constructor() {
      throw new RangeError('refused')
    }
    grow(): number {
      return 0
    }
  }

  it('gives a memory of so many pages', async () => {
    const { wasmKernels } = await freshKernels()
    const made = wasmKernels(3)
    expect([made?.memory.buffer.byteLength, made?.kernels.isFast]).toEqual([3 * 65_536, true])
    expect(wasmKernels(1)?.memory).not.toBe(made?.memory)
  })

  it('gives nothing where the runtime has no WebAssembly', async () => {
    const { wasmKernels } = await freshKernels()
    vi.stubGlobal('WebAssembly', undefined)
    try {
      expect(wasmKernels(1)).toBeUndefined()
    } finally {
      vi.unstubAllGlobals()
    }
  })

  it('gives nothing where the processor lacks the instructions, and does not try again', async () => {
    const { wasmKernels } = await freshKernels()
    expect(wasmKernels(1, { Module: Refused, Memory: Nothing, Instance: Nothing })).toBeUndefined()
    expect(wasmKernels(1)).toBeUndefined()
  })

  it('gives nothing when no memory is to be had, and tries again', async () => {
    const { wasmKernels } = await freshKernels()
    expect(wasmKernels(1, { Module: Nothing, Memory: Refused, Instance: Nothing })).toBeUndefined()
    expect(wasmKernels(1, { Module: Nothing, Memory: Nothing, Instance: Nothing })?.kernels.isFast).toBe(true)
    expect(wasmKernels(1, undefined)?.kernels).toBeUndefined()
  })
})
