import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matches } from '../../src/core/matches.ts'
import { type IndexedResource, TagIndex } from '../../src/core/tag-index.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'
import { compareCodePoints } from '../../src/core/text.ts'
import { rebuilt } from '../support/rebuilt.ts'
import { anyQuery, fewOf, KEYS, resourceFrom } from './queries.ts'

const FULL = Number.MAX_SAFE_INTEGER

function resourcesOf(index: TagIndex, query: TagQuery, offset = 0, limit = FULL): IndexedResource[] {
  return index
    .find(query)
    .page(offset, limit)
    .map((slot) => index.at(slot))
}

/** Holds an index against plain resources in order of creation. */
function compare(index: TagIndex, model: readonly IndexedResource[], questions: readonly Question[]): void {
  expect(index.size).toBe(model.length)
  expect(resourcesOf(index, {})).toEqual(model)
  for (const resource of model) expect(index.get(resource.id)).toEqual(resource)
  for (const { query, offset, limit } of questions) {
    const expected = model.filter((resource) => matches(resource, query))
    const ids = expected.map(({ id }) => id)
    const seen = { query, count: index.find(query).count, ids: resourcesOf(index, query).map(({ id }) => id) }
    expect(seen).toEqual({ query, count: ids.length, ids })
    expect(resourcesOf(index, query, offset, limit)).toEqual(expected.slice(offset, offset + limit))
  }
  const values = new Map<string, Set<string>>()
  for (const { key, value } of model.flatMap(({ tags }) => tags)) {
    values.set(key, (values.get(key) ?? new Set()).add(value))
  }
  const keys = [...values.keys()].sort(compareCodePoints)
  expect(index.dictionary.keyCount).toBe(keys.length)
  expect(index.dictionary.keys(0, FULL)).toEqual(
    keys.map((key) => ({ key, values: [...(values.get(key) ?? [])].sort(compareCodePoints) })),
  )
}

type Question = { readonly query: TagQuery; readonly offset: number; readonly limit: number }

const IDS = 12

describe('TagIndex', () => {
  it('holds what plain resources hold, after any changes', () => {
    const operation = fc.record({
      kind: fc.constantFrom('put', 'put', 'put', 'remove'),
      id: fc.nat(IDS - 1).map((n) => `id-${n}`),
      seed: fc.nat(2 ** 30),
    })
    const question = fc
      .record({ query: anyQuery(IDS), choice: fc.nat(2 ** 20), offset: fc.nat(8), limit: fc.nat(8) })
      .map(({ query, choice, offset, limit }): Question => ({ query: fewOf(query, choice), offset, limit }))
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 50, size: 'max' }),
        fc.array(question, { minLength: 10, maxLength: 25 }),
        (operations, questions) => {
          const index = new TagIndex()
          const model = new Map<string, IndexedResource>()
          let lastSequence = 0
          for (const { kind, id, seed } of operations) {
            if (kind === 'put') {
              const sequence = model.get(id)?.sequence ?? ++lastSequence
              const resource = resourceFrom(id, sequence, seed)
              index.put(resource)
              // A map keeps the place of what it has; what was deleted goes to the end.
              model.set(id, resource)
            } else {
              index.remove(id)
              model.delete(id)
              expect(index.get(id)).toBeUndefined()
              expect(index.slotOf(id)).toBeUndefined()
            }
          }
          compare(index, [...model.values()], questions)
          const anew = rebuilt(index)
          expect(anew.slotCount).toBe(model.size)
          compare(anew, [...model.values()], questions)
        },
      ),
      { numRuns: 80 },
    )
  })

  const resource = (id: string, sequence: number, more: Partial<IndexedResource> = {}): IndexedResource => ({
    ...{ id, sequence, name: '', detail: '{}', tags: [], createdAtMs: 0, updatedAtMs: 0 },
    ...more,
  })

  it('keeps when a resource was created, and knows whether slots follow that', () => {
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

  it('keeps the place of a resource that changes, and gives a new one to a resource made again', () => {
    const index = new TagIndex()
    index.put(resource('a', 1))
    index.put(resource('b', 2))
    index.put(resource('a', 1, { name: 'changed' }))
    expect(resourcesOf(index, {}).map(({ id }) => id)).toEqual(['a', 'b'])
    index.remove('a')
    index.put(resource('a', 3))
    expect(resourcesOf(index, {}).map(({ id, sequence }) => [id, sequence])).toEqual([
      ['b', 2],
      ['a', 3],
    ])
    expect([index.size, index.slotCount]).toEqual([2, 3])
  })

  it('keeps the order of the tags, also when one is put in front', () => {
    const index = new TagIndex()
    const tags = (...keys: string[]) => keys.map((key) => ({ key, value: 'v' }))
    index.put(resource('a', 1, { tags: tags('x', 'y') }))
    index.put(resource('a', 1, { tags: tags('z', 'y', 'x') }))
    expect(index.get('a')?.tags).toEqual(tags('z', 'y', 'x'))
    index.put(resource('a', 1, { tags: tags('y') }))
    expect(index.get('a')?.tags).toEqual(tags('y'))
    expect(index.tagsAt(0)).toEqual(tags('y'))
  })

  it('takes an id that is named as a member of every object', () => {
    const index = new TagIndex()
    expect(index.get('__proto__')).toBeUndefined()
    expect(index.get('constructor')).toBeUndefined()
    index.put(resource('__proto__', 1, { tags: KEYS.map((key) => ({ key, value: key })) }))
    expect(index.get('__proto__')?.tags.map(({ key }) => key)).toEqual([...KEYS])
    expect(index.find({ tags: [{ key: '__proto__', values: ['__proto__'] }] }).count).toBe(1)
    expect(index.find({ tags: [{ key: 'toString', values: [] }] }).count).toBe(0)
  })

  it('gives the exact name of a slot', () => {
    const index = new TagIndex()
    index.put(resource('a', 1, { name: 'Straße' }))
    expect(index.nameAt(0)).toBe('Straße')
    expect(index.slotOf('a')).toBe(0)
  })

  it('forgets nothing when an unknown resource is removed', () => {
    const index = new TagIndex()
    index.put(resource('a', 1))
    index.remove('b')
    expect(index.size).toBe(1)
    expect(index.isWasteful).toBe(false)
  })
})

describe('waste', () => {
  const named = (n: number, name = `name-${n}`): IndexedResource => ({
    ...{ id: `id-${n}`, sequence: n + 1, name, detail: '{}', createdAtMs: 0, updatedAtMs: 0 },
    tags: [{ key: 'k', value: String(n % 3) }],
  })

  it('is the slots that are gone: more than 1024 make a rebuild worth it', () => {
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
    expect(resourcesOf(anew, {})).toEqual(Array.from({ length: 175 }, (_, i) => named(1025 + i)))
  })

  it('is borne while there are as many resources', () => {
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
