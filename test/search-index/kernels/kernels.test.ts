import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { foldCase } from '../../../src/core/text.ts'
import { DetailColumn } from '../../../src/search-index/detail-column.ts'
import { TagDictionary } from '../../../src/search-index/dictionary.ts'
import { IdColumn } from '../../../src/search-index/id-column.ts'
import { type PageShape, PreparedShape } from '../../../src/search-index/json-page.ts'
import { Arena } from '../../../src/search-index/memory/arena.ts'
import { U8Column, U32Column } from '../../../src/search-index/memory/column.ts'
import { encodeFolded, encodeText } from '../../../src/search-index/memory/encoded-text.ts'
import { NameColumn } from '../../../src/search-index/name-column.ts'
import { anyText } from '../any-text.ts'
import { bothOver, layoutOf } from '../both-kernels.ts'

// What kernels make of names and pages; `plain-kernels.test.ts` has sets and single resources.

// ---------------------------------------------------------------------------------------------------------------- names

describe('filterNames', () => {
  function askNames(all: readonly string[], needle: { bytes: Uint8Array; length: number }, whole: number) {
    const bytes = needle.bytes.slice(0, needle.length)
    const arena = new Arena('wasm')
    const kernels = bothOver(arena)
    const names = new NameColumn(arena)
    for (const name of all) names.push(name)
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
  const [ids, names, details] = [new IdColumn(arena, 1), new NameColumn(arena), new DetailColumn(arena, 2)]
  const dictionary = new TagDictionary(arena, 3)
  dictionary.addBuiltInTerms()
  const [runs, detailOf, lengths] = [new U32Column(arena), new U32Column(arena), new U8Column(arena)]
  for (const [slot, { id, name, detail, tags }] of resources.entries()) {
    ids.push(id)
    names.push(name)
    detailOf.push(details.acquire(detail))
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
    tagLists: runs.table,
    tagCounts: lengths.table,
    parents: dictionary.parents.table,
    termTexts: dictionary.texts.table,
    idBytes: ids.bytes.table,
    idKinds: ids.kinds.table,
    names: names.texts.table,
    detailOf: detailOf.table,
    renderedDetails: prepared.rendered.table,
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
  async function freshKernels(): Promise<typeof import('../../../src/search-index/kernels/wasm-kernels.ts')> {
    vi.resetModules()
    return import('../../../src/search-index/kernels/wasm-kernels.ts')
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
