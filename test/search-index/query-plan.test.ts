import { describe, expect, it } from 'vitest'
import type { Tag } from '../../src/core/tag.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'
import { LIVE, TagDictionary, UNTAGGED } from '../../src/search-index/dictionary.ts'
import { ENTRY_WORDS, OPERATION } from '../../src/search-index/kernels/abi.ts'
import { Arena } from '../../src/search-index/memory/arena.ts'
import { marksOf, type Plan, Program, planOf, sizeOf } from '../../src/search-index/query-plan.ts'
import { readVectors } from '../core/vectors.ts'
import { ask, indexOf, KERNEL_MODES } from './indexes.ts'

describe('on the vectors of the contract', () => {
  type Vectors = {
    readonly resources: readonly { readonly id: string; readonly name: string; readonly tags: readonly Tag[] }[]
    readonly queries: readonly {
      readonly name: string
      readonly query: TagQuery
      readonly matching: readonly string[]
    }[]
  }
  const { resources, queries } = readVectors<Vectors>('tag-queries.json')
  const made = resources.map((resource, i) => ({
    ...{ ...resource, detail: '{}', sequence: i + 1, createdAtMs: 0, updatedAtMs: 0 },
  }))

  describe.each(KERNEL_MODES)('with %s kernels', (kernels) => {
    const index = indexOf(made, kernels)

    it.each(queries)('$name', ({ query, matching }) => {
      const { total, slots } = index.find(query, 0, 1000)
      expect(Array.from(slots, (slot) => index.at(slot).id)).toEqual(matching)
      expect(total).toBe(matching.length)
      ask(index, made, { query, offset: 0, limit: 1000 })
    })
  })
})

// On slots 0 to 9: a=1 on the even ones, a=2 on the others, b=x on 0 to 2, c on slot 5 alone.
const dictionary = new TagDictionary(new Arena('plain'), 0)
dictionary.found()
for (let slot = 0; slot < 10; slot++) {
  dictionary.postings.add(LIVE, slot)
  dictionary.assign(slot, 'a', slot % 2 === 0 ? '1' : '2')
  if (slot < 3) dictionary.assign(slot, 'b', 'x')
}
dictionary.assign(5, 'c', '')
const [a, b, c] = ['a', 'b', 'c'].map((key) => dictionary.key(key)) as [number, number, number]
const [a1, a2, bx] = [dictionary.pair(a, '1'), dictionary.pair(a, '2'), dictionary.pair(b, 'x')]
const any = (key: string, ...values: string[]) => ({ key, values })

describe('planOf', () => {
  it.each<[string, TagQuery, Plan]>([
    ['nothing', {}, { needs: [[LIVE]], bars: [], notAll: [] }],
    [
      'a key and a pair, the smallest first',
      { tags: [any('a', '1'), any('b')] },
      { needs: [[b], [a1]], bars: [], notAll: [] },
    ],
    ['values as alternatives', { tags: [any('a', '2', 'unknown', '1')] }, { needs: [[a2, a1]], bars: [], notAll: [] }],
    [
      'items as alternatives, each once',
      { tagsAny: [any('a', '1'), any('b'), any('a', '1')] },
      { needs: [[a1, b]], bars: [], notAll: [] },
    ],
    [
      'none of some',
      { notTagsAny: [any('a', '1'), any('b'), any('unknown')] },
      { needs: [[LIVE]], bars: [a1, b], notAll: [] },
    ],
    [
      'not all of some',
      { notTags: [any('a', '1', '2'), any('b', 'x')] },
      { needs: [[LIVE]], bars: [], notAll: [[a1, a2], [bx]] },
    ],
    [
      'not all of one, which is none of it',
      { notTags: [any('a')], notTagsAny: [any('c')] },
      { needs: [[LIVE]], bars: [c, a], notAll: [] },
    ],
    [
      'not all of some of which one never holds',
      { notTags: [any('a'), any('unknown')] },
      { needs: [[LIVE]], bars: [], notAll: [] },
    ],
    [
      'no tag, whatever else',
      { withoutAnyTag: true, tags: [any('a')], notTags: [] },
      { needs: [[UNTAGGED]], bars: [], notAll: [] },
    ],
  ])('%s', (_name, query, plan) => {
    expect(planOf(dictionary, query)).toEqual(plan)
  })

  it.each<[string, TagQuery]>([
    ['a key that nobody has', { tags: [any('a'), any('unknown')] }],
    ['values that nobody has', { tags: [any('a', '3')] }],
    ['alternatives that nobody has', { tagsAny: [any('unknown'), any('a', '3')] }],
    ['no alternatives', { tagsAny: [] }],
    ['not all of nothing', { notTags: [] }],
  ])('knows that nothing matches %s', (_name, query) => {
    expect(planOf(dictionary, query)).toBeUndefined()
  })

  it('sizes a union by its members', () => {
    expect([sizeOf(dictionary, [a1, bx]), sizeOf(dictionary, []), sizeOf(dictionary, [c])]).toEqual([8, 0, 1])
  })
})

describe('marksOf', () => {
  it('gives each condition a bit, and terms the bits of all that they fulfil', () => {
    const marked = marksOf(dictionary, { needs: [[a1, bx], [a1]], bars: [a2], notAll: [[bx], [a1]] })
    const { required = 0, excluded = 0, notAll = 0, includeKeys = 1 } = marked?.masks ?? {}
    expect([required, excluded, notAll].map((mask) => mask.toString(2).replaceAll('0', '').length)).toEqual([2, 1, 2])
    expect([required & excluded, required & notAll, excluded & notAll, includeKeys]).toEqual([0, 0, 0, 0])
    const bitsOf = (term: number) => marked?.marks.get(term) ?? 0
    expect(bitsOf(a1) & required).toBe(required)
    expect(bitsOf(a2)).toBe(excluded)
    expect((bitsOf(a1) | bitsOf(bx)) & notAll).toBe(notAll)
    expect(bitsOf(bx) & required).not.toBe(required)
  })

  it('says whether keys have to be looked at, and asks nothing of what every candidate is', () => {
    expect(marksOf(dictionary, { needs: [[a]], bars: [], notAll: [] })?.masks.includeKeys).toBe(1)
    for (const term of [LIVE, UNTAGGED]) {
      const marked = marksOf(dictionary, { needs: [[term]], bars: [], notAll: [] })
      expect(marked).toEqual({ masks: { required: 0, excluded: 0, notAll: 0, includeKeys: 0 }, marks: new Map() })
    }
  })

  it('has room for thirty-one conditions', () => {
    const conditions = (count: number) => Array.from({ length: count }, () => [a1])
    const masks = marksOf(dictionary, { needs: [[a1], ...conditions(14)], bars: [a2], notAll: conditions(15) })?.masks
    expect([masks?.required, masks?.excluded, masks?.notAll]).toEqual([0x7fff, 0x8000, 0x7fff_0000])
    expect(marksOf(dictionary, { needs: [[a1], ...conditions(15)], bars: [], notAll: conditions(15) })).toBeUndefined()
  })
})

describe('Program', () => {
  function writtenOf(plan: Plan): { operations: string[]; rests: number[]; bytes: number } {
    const program = Program.of(dictionary, 10, plan, undefined)
    const words = new Uint32Array(program.length * ENTRY_WORDS + 3)
    program.write(words, 3)
    const names = new Map(Object.entries(OPERATION).map(([name, operation]) => [operation as number, name]))
    const places = Array.from({ length: program.length }, (_, i) => 3 + i * ENTRY_WORDS)
    return {
      operations: places.map((at) => names.get((words[at] as number) & 0xff) as string),
      rests: places.map((at) => words[at + 4] as number),
      bytes: program.bytes,
    }
  }

  it('is a step for each single term, and more for unions', () => {
    const { operations, rests, bytes } = writtenOf({
      needs: [[a1, a2], [b], [c, a1]],
      bars: [bx],
      notAll: [[a1], [a2, bx]],
    })
    expect(operations).toEqual([
      ...['clearUnion', 'orUnion', 'orUnion', 'loadUnion'],
      ...['and', 'clearUnion', 'orUnion', 'orUnion', 'andUnion', 'andNot'],
      ...['startNand', 'andNand', 'clearUnion', 'orUnion', 'orUnion', 'andNandUnion', 'subtractNand'],
    ])
    expect(bytes).toBe(17 * ENTRY_WORDS * 4)
    // What is still to come costs less with every step, and nothing after the last.
    expect(rests.every((rest, i) => i === 0 || rest < (rests[i - 1] as number))).toBe(true)
    expect(rests.at(-1)).toBe(0)
  })
})
