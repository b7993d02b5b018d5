import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DetailColumn } from '../../../src/search-index/detail-column.ts'
import { TagDictionary } from '../../../src/search-index/dictionary.ts'
import { IdColumn } from '../../../src/search-index/id-column.ts'
import { type PageShape, PreparedShape } from '../../../src/search-index/json-page.ts'
import { Arena } from '../../../src/search-index/memory/arena.ts'
import { U8Column, U32Column } from '../../../src/search-index/memory/column.ts'
import { NameColumn } from '../../../src/search-index/name-column.ts'
import { anyText } from '../any-text.ts'
import { bothOver, tablesOf } from '../both-kernels.ts'

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
  const [tagLists, detailOf, tagCounts] = [new U32Column(arena), new U32Column(arena), new U8Column(arena)]
  for (const [slot, { id, name, detail, tags }] of resources.entries()) {
    ids.push(id)
    names.push(name)
    detailOf.push(details.acquire(detail))
    const pairs = tags.map(({ key, value }) => dictionary.assign(slot, key, value))
    const list = arena.alloc(pairs.length * 4)
    arena.u32.set(pairs, list >>> 2)
    tagLists.push(list)
    tagCounts.push(pairs.length)
  }
  const prepared = new PreparedShape(arena, details, shape)
  for (let slot = 0; slot < resources.length; slot++) prepared.render(detailOf.get(slot))
  const slots = arena.alloc(resources.length * 4)
  for (let slot = 0; slot < resources.length; slot++) arena.u32[(slots >>> 2) + slot] = slot
  const tables = tablesOf(arena, {
    tagLists: tagLists.table,
    tagCounts: tagCounts.table,
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
  /** Writes the page into a buffer of a size. Undefined when it does not fit. */
  return (kind: 'plain' | 'wasm', capacity: number): Buffer | undefined => {
    arena.u8.fill(0xee, out, out + bytes)
    const args = [prepared.pieces, prepared.count, out, out + capacity] as const
    const end = kernels[kind].writePage(tables, slots, resources.length, ...args) >>> 0
    const untouched = arena.u8.subarray(out + capacity + 32, out + bytes)
    expect(untouched.every((byte) => byte === 0xee)).toBe(true)
    return end === 0 ? undefined : Buffer.from(arena.u8.slice(out, end))
  }
}

function jsonOf({ id, name, detail, tags }: Shown): string {
  return `{"resource_id":${JSON.stringify(id)},"resource_name":${JSON.stringify(name)},"detail":${detail},"tags":${JSON.stringify(tags)}}`
}

describe('writePage', () => {
  const someResources = fc.uniqueArray(shown, { selector: ({ id }) => id, minLength: 1, maxLength: 8 })

  it('a page equals the JSON of its resources', () => {
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

  it('a page is refused by both kernels exactly when it is longer than the buffer', () => {
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
      for (let capacity = 0; capacity < full.length + 40; capacity++) {
        for (const kind of ['plain', 'wasm'] as const) {
          const written = write(kind, capacity)
          const actual = { pieces: pieces.length, kind, capacity, text: written?.toString() }
          expect(actual).toEqual({ ...actual, text: capacity < full.length ? undefined : full.toString() })
        }
      }
    }
  })
})
