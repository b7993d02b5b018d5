import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProjectIndex } from '../../src/catalog/project-index.ts'
import { SMALL_SIZE_MAX, SmallIndexes, TypeIndex } from '../../src/catalog/type-index.ts'
import type { IndexedResource } from '../../src/core/resource.ts'
import type { ResourceType } from '../../src/core/resource-types.ts'
import type { TagIndex } from '../../src/search-index/tag-index.ts'
import type { Change } from '../../src/store/store.ts'

const PACKS_ALWAYS = () => new SmallIndexes(1)
const TYPES = ['images', 'instances', 'ecs', 'AWS::EC2::Instance'] as ResourceType[]

function resource(id: string, sequence: number, tags: readonly (readonly [string, string])[] = []): IndexedResource {
  return {
    id,
    name: `name of ${id}`,
    detail: '{"status":"active"}',
    sequence,
    createdAtMs: 1000 + sequence,
    updatedAtMs: 2000 + sequence,
    tags: tags.map(([key, value]) => ({ key, value })),
  }
}

function contentOf(index: TagIndex) {
  const resources = Array.from(index.find({}, 0, 10_000).slots, (slot) => index.at(slot))
  return { resources, keys: index.tagsInUse.page(0, 1000), size: index.size, isChronological: index.isChronological }
}

describe('a packed index', () => {
  it('is packed when others are used, and gives the same content after it', () => {
    const small = PACKS_ALWAYS()
    const [one, two] = [new TypeIndex(7, small), new TypeIndex(7, small)]
    for (let i = 0; i < SMALL_SIZE_MAX; i++)
      one.use().put(
        resource(`r${i}`, i, [
          ['环境', `v${i % 3}`],
          ['"quoted"', ''],
        ]),
      )
    const before = contentOf(one.use())
    const unpackedBytes = one.bytes
    two.use()
    expect(one.packedSize).toBe(SMALL_SIZE_MAX)
    expect(one.bytes).toBeLessThan(unpackedBytes / 4)
    expect(one.size).toBe(SMALL_SIZE_MAX)
    expect(contentOf(one.use())).toEqual(before)
    expect(one.packedSize).toBe(0)
  })

  it('keeps the order of creation, and times that do not ascend', () => {
    const small = PACKS_ALWAYS()
    const [one, two] = [new TypeIndex(7, small), new TypeIndex(7, small)]
    one.use().put({ ...resource('b', 1), createdAtMs: 9000 })
    one.use().put(resource('a', 2))
    one.use().put(resource('c', 3))
    one.use().remove('a')
    two.use()
    expect(contentOf(one.use())).toMatchObject({ resources: [{ id: 'b' }, { id: 'c' }], isChronological: false })
  })

  it('an index that has grown is not packed', () => {
    const small = PACKS_ALWAYS()
    const [one, two] = [new TypeIndex(7, small), new TypeIndex(7, small)]
    for (let i = 0; i <= SMALL_SIZE_MAX; i++) one.use().put(resource(`r${i}`, i))
    two.use()
    expect([one.packedSize, one.size]).toEqual([0, SMALL_SIZE_MAX + 1])
  })

  it('an index that grows after its last use is not packed either', () => {
    const small = PACKS_ALWAYS()
    const [one, two] = [new TypeIndex(7, small), new TypeIndex(7, small)]
    const index = one.use()
    for (let i = 0; i <= SMALL_SIZE_MAX; i++) index.put(resource(`r${i}`, i))
    two.use()
    expect([one.packedSize, one.size]).toEqual([0, SMALL_SIZE_MAX + 1])
  })

  it('the least recently used indexes are packed, and the others together stay within the limit', () => {
    const each = new TypeIndex(7, new SmallIndexes(1)).bytes + 4096
    const small = new SmallIndexes(each * 3)
    const indexes = Array.from({ length: 5 }, () => new TypeIndex(7, small))
    for (const [i, index] of indexes.entries()) index.use().put(resource(`r${i}`, 1))
    for (const index of indexes) index.use()
    indexes[2]?.use()
    indexes[0]?.use()
    expect(small.bytes).toBeLessThanOrEqual(each * 3)
    expect(indexes.map(({ packedSize }) => packedSize)).toEqual([0, 1, 0, 1, 0])
  })

  it('a scan that began before visits the resources as they were, whatever is written later', () => {
    const small = PACKS_ALWAYS()
    const [one, two] = [new TypeIndex(7, small), new TypeIndex(7, small)]
    one.use().put(resource('a', 1, [['k', 'before']]))
    one.use().put(resource('b', 2, [['k', 'before']]))
    const scan = one.use().scan({ tags: [{ key: 'k', values: ['before'] }] }, () => true, false)
    two.use()
    one.use().put(resource('a', 1, [['k', 'after']]))
    one.use().remove('b')
    const seen: unknown[] = []
    while (!scan.isDone) seen.push(scan.next()?.id)
    scan.close()
    expect(seen).toEqual(['a', 'b'])
  })
})

const tag = fc.record({ key: fc.constantFrom('env', 'team', '成本', 'a"b'), value: fc.string({ maxLength: 6 }) })
const step = fc.record({
  type: fc.constantFrom(...TYPES),
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  isRemoval: fc.boolean(),
  tags: fc.uniqueArray(tag, { maxLength: 3, selector: ({ key }) => key }),
})

it('a project whose indexes are packed at every opportunity answers like one that packs nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const packing = new ProjectIndex({ seed: 7, small: PACKS_ALWAYS() })
      const plain = new ProjectIndex({ seed: 7 })
      const sequences = new Map<string, number>()
      for (const [i, { type, id, isRemoval, tags }] of steps.entries()) {
        const key = `${type} ${id}`
        const sequence = sequences.get(key) ?? i + 1
        if (isRemoval) sequences.delete(key)
        else sequences.set(key, sequence)
        const change: Change = {
          revision: i + 1,
          kind: isRemoval ? 'delete' : 'register',
          type,
          id,
          sequence,
          createdAtMs: sequence,
          after: isRemoval ? undefined : { name: `n ${i}`, detail: `{"n":${i}}`, tags },
          actor: 'u',
          requestId: 'r',
          atMs: i,
          priorRevision: undefined,
          cause: undefined,
        }
        await packing.apply([change])
        await plain.apply([change])
      }
      expect([packing.types, packing.size]).toEqual([plain.types, plain.size])
      for (const type of TYPES) {
        expect(contentOf(packing.of(type))).toEqual(contentOf(plain.of(type)))
        for (const key of ['env', '成本']) {
          const query = { tags: [{ key, values: [] }] }
          expect(packing.of(type).count(query)).toBe(plain.of(type).count(query))
        }
      }
    }),
    { numRuns: 100 },
  )
})

function changeOf(revision: number, type: string, isRemoval: boolean): Change {
  return {
    ...{ revision, kind: isRemoval ? 'delete' : 'register', type: type as ResourceType, id: 'a', sequence: revision },
    ...{
      createdAtMs: revision,
      atMs: revision,
      actor: 'u',
      requestId: 'r',
      priorRevision: undefined,
      cause: undefined,
    },
    after: isRemoval ? undefined : { name: 'n', detail: '{}', tags: [{ key: 'k', value: 'v' }] },
  }
}

describe('the index of a type without resources', () => {
  it('takes no memory, however many types come and go', async () => {
    const small = new SmallIndexes(1_000_000)
    const project = new ProjectIndex({ seed: 7, small })
    const empty = project.bytes
    for (let i = 0; i < 100; i++) {
      await project.apply([changeOf(2 * i + 1, `kind${i}`, false), changeOf(2 * i + 2, `kind${i}`, true)])
    }
    expect([project.bytes, small.bytes, project.types, project.revision]).toEqual([empty, 0, [], 200])
    await project.apply([changeOf(201, 'kind0', false)])
    expect([project.types, project.of('kind0' as ResourceType).size]).toEqual([['kind0'], 1])
  })

  it('is still visited by a scan that began before its last resource was deleted', async () => {
    const project = new ProjectIndex({ seed: 7 })
    const type = 'kind' as ResourceType
    await project.apply([changeOf(1, type, false)])
    const scan = project.of(type).scan({ tags: [{ key: 'k', values: ['v'] }] }, () => true, false)
    await project.apply([changeOf(2, type, true), changeOf(3, type, false)])
    expect([scan.next()?.sequence, scan.isDone]).toEqual([1, true])
    scan.close()
    expect(project.of(type).get('a')?.sequence).toBe(3)
  })
})
