import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copyOf, type IndexedResource } from '../../src/core/resource.ts'
import { compareCodePoints } from '../../src/core/text.ts'
import { TagIndex } from '../../src/search-index/tag-index.ts'
import { rebuilt } from '../support/rebuilt.ts'
import { expectFound, KERNEL_MODES, type PagedQuery, restored, SHAPE, shown } from './indexes.ts'
import { anyQuery, fewOf, idOf, KEYS, resourceFrom } from './queries.ts'

const ALL = Number.MAX_SAFE_INTEGER

function resourcesOf(index: TagIndex): IndexedResource[] {
  return Array.from(index.find({}, 0, ALL).slots, (slot) => index.at(slot))
}

/** Compares an index with a list of resources in order of creation. */
function compare(index: TagIndex, model: readonly IndexedResource[], queries: readonly PagedQuery[]): void {
  expect(index.size).toBe(model.length)
  expect(resourcesOf(index)).toEqual(model)
  for (const resource of model) {
    expect(index.get(resource.id)).toEqual(resource)
    expect(index.tagsOf(resource.id)).toEqual(resource.tags)
  }
  for (const query of queries) expectFound(index, model, query)
  const values = new Map<string, Set<string>>()
  for (const { key, value } of model.flatMap(({ tags }) => tags)) {
    values.set(key, (values.get(key) ?? new Set()).add(value))
  }
  const keys = [...values.keys()].sort(compareCodePoints)
  expect(index.keyCount).toBe(keys.length)
  expect(index.tagsInUse.page(0, ALL)).toEqual(
    keys.map((key) => ({ key, values: [...(values.get(key) ?? [])].sort(compareCodePoints) })),
  )
}

const IDS = 12
const operation = fc.record({
  kind: fc.constantFrom('put', 'put', 'put', 'remove'),
  id: fc.nat(IDS - 1).map(idOf),
  seed: fc.nat(2 ** 30),
})
const pagedQuery = fc
  .record({ query: anyQuery(IDS), choice: fc.nat(2 ** 20), offset: fc.nat(8), limit: fc.nat(8) })
  .map(({ query, choice, offset, limit }): PagedQuery => ({ query: fewOf(query, choice), offset, limit }))

describe.each(KERNEL_MODES)('TagIndex with %s kernels', (kernels) => {
  it('after any changes an index contains the same resources as a map, and so does one that was restored in between', () => {
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 50, size: 'max' }),
        fc.nat(50),
        fc.array(pagedQuery, { minLength: 10, maxLength: 25 }),
        (operations, snapshotAt, queries) => {
          const index = new TagIndex({ kernels })
          let copy = restored(index, kernels)
          const model = new Map<string, IndexedResource>()
          let lastSequence = 0
          for (const [i, { kind, id, seed }] of operations.entries()) {
            if (i === snapshotAt % operations.length) copy = restored(index, kernels)
            const sequence = model.get(id)?.sequence ?? ++lastSequence
            const resource = { ...resourceFrom(id, sequence, seed), createdAtMs: sequence * 1000 }
            for (const each of [index, copy]) {
              if (kind === 'put') each.put(resource)
              else {
                each.remove(id)
                expect(each.get(id)).toBeUndefined()
                expect(each.tagsOf(id)).toBeUndefined()
              }
              // Fills the caches, which must follow later changes.
              if (i % 8 === 0) each.findJson({}, 0, ALL, SHAPE)
              if (i % 8 === 4) each.tagsInUse.page(0, 3)
            }
            // Like the index, a map keeps the position of an entry that changes, and appends one that was deleted before.
            if (kind === 'put') model.set(id, resource)
            else model.delete(id)
          }
          const all = [...model.values()]
          compare(index, all, queries)
          compare(copy, all, queries)
          expect([copy.slotCount, copy.isChronological]).toEqual([index.slotCount, index.isChronological])
          const anew = rebuilt(index)
          expect(anew.slotCount).toBe(model.size)
          compare(anew, all, queries)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('a restored index has the same memory layout after the same changes', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60, size: 'max' }), fc.nat(60), (operations, snapshotAt) => {
        const index = new TagIndex({ kernels })
        let copy = index
        for (const [i, { kind, id, seed }] of operations.entries()) {
          if (i === snapshotAt % operations.length) copy = restored(index, kernels)
          for (const each of copy === index ? [index] : [index, copy]) {
            if (kind === 'put') each.put(resourceFrom(id, i + 1, seed))
            else each.remove(id)
          }
        }
        expect(copy.state()).toEqual(index.state())
      }),
      { numRuns: 40 },
    )
  })

  it('an index is empty at first, and again when all resources are removed', () => {
    for (const index of [new TagIndex({ kernels }), restored(new TagIndex({ kernels }), kernels)]) {
      expect([index.size, index.slotCount, index.keyCount, index.count({}), index.isChronological]).toEqual([
        0,
        0,
        0,
        0,
        true,
      ])
      expect(index.find({}, 0, 10)).toEqual({ total: 0, slots: new Uint32Array(0) })
      expect(index.findJson({ nameContains: 'web' }, 0, 10, SHAPE)).toEqual({ total: 0, json: new Uint8Array(0) })
      const resources = Array.from({ length: 300 }, (_, n) => resourceFrom(idOf(n), n + 1, n * 7919))
      for (const resource of resources) index.put(resource)
      for (const { id } of resources) index.remove(id)
      expect([index.size, index.slotCount, index.keyCount, index.count({}), index.count({ id: idOf(3) })]).toEqual([
        0, 300, 0, 0, 0,
      ])
      expect(index.tagsInUse.page(0, ALL)).toEqual([])
      const back = restored(index, kernels)
      back.put(resources[5] as IndexedResource)
      compare(back, [resources[5] as IndexedResource], [])
      expect(back.slotCount).toBe(301)
    }
  })

  it('changes that undo each other do not enlarge the index', () => {
    const index = new TagIndex({ kernels })
    const change = (round: number) => {
      for (let n = 0; n < 40; n++) index.put(resourceFrom(idOf(n), n + 1, (round % 3) * 1000 + n))
    }
    for (let round = 0; round < 6; round++) change(round)
    const { length } = index.memory
    for (let round = 0; round < 60; round++) change(round)
    expect(index.memory.length).toBe(length)
  })
})

describe('TagIndex', () => {
  const resource = (id: string, sequence: number, more: Partial<IndexedResource> = {}): IndexedResource => ({
    id,
    sequence,
    name: '',
    detail: '{}',
    tags: [],
    createdAtMs: 0,
    updatedAtMs: 0,
    ...more,
  })

  it('an update keeps the creation time, and isChronological tells whether creation times ascend', () => {
    const index = new TagIndex()
    index.put(resource('a', 1, { createdAtMs: 5, updatedAtMs: 5 }))
    index.put(resource('b', 2, { createdAtMs: 5, updatedAtMs: 5 }))
    index.put(resource('a', 1, { createdAtMs: 9, updatedAtMs: 7 }))
    expect(index.get('a')).toMatchObject({ createdAtMs: 5, updatedAtMs: 7 })
    expect([index.createdAtMs(0), index.createdAtMs(1), index.isChronological]).toEqual([5, 5, true])
    index.put(resource('c', 3, { createdAtMs: 4 }))
    expect(index.isChronological).toBe(false)
    index.put(resource('d', 4, { createdAtMs: 6 }))
    expect(index.isChronological).toBe(false)
  })

  it('an updated resource keeps its slot, and a resource that is created again gets a new one', () => {
    const index = new TagIndex()
    index.put(resource('a', 1))
    index.put(resource('b', 2))
    index.put(resource('a', 1, { name: 'changed' }))
    expect(resourcesOf(index).map(({ id }) => id)).toEqual(['a', 'b'])
    index.remove('a')
    index.put(resource('a', 3))
    expect(resourcesOf(index).map(({ id, sequence }) => [id, sequence])).toEqual([
      ['b', 2],
      ['a', 3],
    ])
    expect([index.size, index.slotCount]).toEqual([2, 3])
  })

  it('the order of the tags is kept, also when a tag is inserted in front', () => {
    const index = new TagIndex()
    const tags = (...keys: string[]) => keys.map((key) => ({ key, value: 'v' }))
    index.put(resource('a', 1, { tags: tags('x', 'y') }))
    index.put(resource('a', 1, { tags: tags('z', 'y', 'x') }))
    expect(index.get('a')?.tags).toEqual(tags('z', 'y', 'x'))
    index.put(resource('a', 1, { tags: tags('y') }))
    expect(index.get('a')?.tags).toEqual(tags('y'))
    expect(index.tagsOf('a')).toEqual(tags('y'))
  })

  it('ids and keys may be names of properties of Object.prototype', () => {
    const index = new TagIndex()
    expect(index.get('__proto__')).toBeUndefined()
    expect(index.get('constructor')).toBeUndefined()
    index.put(resource('__proto__', 1, { tags: KEYS.map((key) => ({ key, value: key })) }))
    expect(index.get('__proto__')?.tags.map(({ key }) => key)).toEqual([...KEYS])
    expect(index.count({ tags: [{ key: '__proto__', values: ['__proto__'] }] })).toBe(1)
    expect(index.count({ tags: [{ key: 'toString', values: [] }] })).toBe(0)
  })

  it('a resource has at most 255 tags, and more are refused before anything changes', () => {
    const index = new TagIndex()
    const tags = Array.from({ length: 256 }, (_, n) => ({ key: `k${n}`, value: '' }))
    index.put(resource('a', 1, { tags: tags.slice(1) }))
    expect(index.tagsOf('a')?.length).toBe(255)
    for (const id of ['a', 'b']) {
      expect(() => index.put(resource(id, 2, { name: 'x', tags }))).toThrow(
        new RangeError('a resource has more than 255 tags'),
      )
    }
    expect([index.size, index.keyCount, index.get('a')?.name]).toEqual([1, 255, ''])
    expect(Buffer.from(index.findJson({}, 0, 1, SHAPE).json).toString()).toBe(shown(index.at(0)))
  })

  it('a view reflects later changes, and a copy does not', () => {
    const index = new TagIndex()
    index.put(resource('a', 1, { name: 'before', tags: [{ key: 'k', value: 'v' }], detail: '[1]', updatedAtMs: 5 }))
    const view = index.view(0)
    const copy = copyOf(view)
    expect(copy).toEqual(index.get('a'))
    index.put(resource('a', 1, { name: 'after', detail: '[2]' }))
    expect([view.name, view.detail, view.tags, view.updatedAtMs]).toEqual(['after', '[2]', [], 0])
    expect([copy.name, copy.detail, copy.tags, copy.updatedAtMs]).toEqual([
      'before',
      '[1]',
      [{ key: 'k', value: 'v' }],
      5,
    ])
  })

  it('bytes grows with the number of resources', () => {
    const index = new TagIndex()
    expect(index.bytes).toBe(0)
    index.put(resource('a', 1))
    const { bytes } = index
    expect(bytes).toBeGreaterThanOrEqual(index.memory.length)
    for (let n = 2; n < 2000; n++) index.put(resource(`id-${n}`, n, { name: `name ${n}` }))
    expect(index.bytes).toBeGreaterThan(bytes)
  })

  it('removing an unknown id has no effect', () => {
    const index = new TagIndex()
    index.put(resource('a', 1))
    index.remove('b')
    expect(index.size).toBe(1)
    expect(index.isWasteful).toBe(false)
  })
})

describe('TagIndex.isWasteful', () => {
  const named = (n: number, name = `name-${n}`): IndexedResource => ({
    id: `id-${n}`,
    sequence: n + 1,
    name,
    detail: '{}',
    createdAtMs: 0,
    updatedAtMs: 0,
    tags: [{ key: 'k', value: String(n % 3) }],
  })

  it('an index with more than 1024 slots of removed resources is wasteful', () => {
    const index = new TagIndex()
    for (let n = 0; n < 1200; n++) index.put(named(n))
    for (let n = 0; n < 1024; n++) index.remove(`id-${n}`)
    expect([index.size, index.slotCount]).toEqual([176, 1200])
    expect(index.isWasteful).toBe(false)
    index.remove('id-1024')
    expect(index.isWasteful).toBe(true)

    const anew = rebuilt(index)
    expect([anew.size, anew.slotCount]).toEqual([175, 175])
    expect(anew.isWasteful).toBe(false)
    expect(resourcesOf(anew)).toEqual(Array.from({ length: 175 }, (_, i) => named(1025 + i)))
  })

  it('an index is not wasteful while it has as many resources as slots of removed ones', () => {
    const index = new TagIndex()
    for (let n = 0; n < 2200; n++) index.put(named(n, 'same'))
    for (let n = 0; n < 1100; n++) index.remove(`id-${n}`)
    expect([index.size, index.slotCount]).toEqual([1100, 2200])
    expect(index.isWasteful).toBe(false)
    index.remove('id-1100')
    expect(index.isWasteful).toBe(true)
    expect(rebuilt(index).isWasteful).toBe(false)
  })
})
