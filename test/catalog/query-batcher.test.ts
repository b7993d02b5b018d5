import { describe, expect, it, vi } from 'vitest'
import { CommitBoundary } from '../../src/catalog/commit-boundary.ts'
import { ProjectIndex } from '../../src/catalog/project-index.ts'
import { QueryBatcher } from '../../src/catalog/query-batcher.ts'
import type { QueryRequest } from '../../src/search-index/query-request.ts'
import type { Change } from '../../src/store/store.ts'

const SHAPE = { pieces: ['id' as const], detail: (detail: string) => detail }

function change(revision: number, key: string): Change {
  return {
    revision,
    kind: 'register',
    type: 'images',
    id: `i${revision}`,
    sequence: revision,
    createdAtMs: 0,
    after: { name: '', detail: '{}', tags: [{ key, value: '' }] },
    actor: '',
    requestId: '',
    atMs: 0,
    priorRevision: undefined,
    cause: undefined,
  }
}

async function indexOf(...keys: readonly string[]): Promise<ProjectIndex> {
  const index = new ProjectIndex({ seed: 1 })
  await index.apply(keys.map((key, i) => change(i + 1, key)))
  return index
}

const ids = (key: string): QueryRequest => ({
  query: { tags: [{ key, values: [] }] },
  offset: 0,
  limit: 1000,
  shape: SHAPE,
})
const text = ({ json }: { json: Uint8Array }) => Buffer.from(json).toString()

describe('QueryBatcher', () => {
  it('each query of a batch gets its own answer, from the index passed with it', async () => {
    const batcher = new QueryBatcher(() => false)
    const [one, other] = [await indexOf('a', 'b', 'a'), await indexOf('b')]
    const answers = Array.from({ length: 300 }, (_, i) =>
      batcher.run(i % 3 === 0 ? other : one, 'images', ids(i % 2 === 0 ? 'a' : 'b'), (reading) => [
        reading.revision,
        reading.total,
        text(reading),
      ]),
    )
    for (const [i, answer] of (await Promise.all(answers)).entries()) {
      if (i % 3 === 0) expect(answer).toEqual(i % 2 === 0 ? [1, 0, ''] : [1, 1, 'i1'])
      else expect(answer).toEqual(i % 2 === 0 ? [3, 2, 'i1,i3'] : [3, 1, 'i2'])
    }
    expect(await batcher.run(one, 'instances', ids('a'), ({ total }) => total)).toBe(0)
  })

  it('the batcher yields to the event loop between large pages', async () => {
    const batcher = new QueryBatcher(() => false)
    const index = await indexOf('a')
    const order: number[] = []
    const answers = Array.from({ length: 9 }, (_, i) =>
      batcher.run(index, 'images', { ...ids('a'), limit: 1500 }, () => order.push(i)),
    )
    let seen = 0
    await new Promise<void>((resolve) => {
      setImmediate(() => {
        seen = order.length
        resolve()
      })
    })
    expect(seen).toBeGreaterThan(0)
    expect(seen).toBeLessThan(9)
    await Promise.all(answers)
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('while several projects send requests, the first query to an index does not wait for the batches of another', async () => {
    for (const isShared of [true, false]) {
      const batcher = new QueryBatcher(() => isShared)
      const [busy, quiet] = [await indexOf('a'), await indexOf('a')]
      const order: string[] = []
      const ask = (index: ProjectIndex, name: string) =>
        batcher.run(index, 'images', { ...ids('a'), limit: 3000 }, () => order.push(name))
      const all = Array.from({ length: 6 }, () => ask(busy, 'busy'))
      await Promise.resolve()
      all.push(ask(quiet, 'quiet'))
      await Promise.resolve()
      await Promise.resolve()
      // No tick has passed.
      expect(order.includes('quiet')).toBe(isShared)
      expect(order.filter((name) => name === 'busy')).not.toHaveLength(6)
      await Promise.all(all)
      expect(order).toHaveLength(7)
    }
  })

  it('the budget of a tick covers all indexes, which are served round robin', async () => {
    const batcher = new QueryBatcher(() => false)
    const indexes = await Promise.all([indexOf('a'), indexOf('a'), indexOf('a')])
    const order: string[] = []
    const askAll = (name: string) =>
      indexes.flatMap((index, i) =>
        [1, 2].map(() => batcher.run(index, 'images', { ...ids('a'), limit: 3000 }, () => order.push(`${name}${i}`))),
      )
    const first = askAll('first')
    await new Promise<void>((resolve) => setImmediate(resolve))
    const seen = order.length
    const second = askAll('second')
    await new Promise<void>((resolve) => setImmediate(resolve))
    // One page of three thousand per tick, also for later queries; the indexes are served round robin.
    expect([seen, order.length]).toEqual([1, 2])
    await Promise.all([...first, ...second])
    expect(order).toHaveLength(12)
    expect(order.slice(0, 3)).toEqual(['first0', 'first1', 'first2'])
  })

  it.each([
    ['many values in a large index', 1_000_000, { tags: [{ key: 'k', values: Array(200).fill('v') }] }, 1],
    ['some values in a large index', 1_000_000, { notTagsAny: [{ key: 'k', values: Array(100).fill('v') }] }, 3],
    ['a part of a name in a large index', 1_000_000, { nameContains: 'n' }, 7],
    ['a name in a large index', 1_000_000, { nameEquals: 'n' }, 7],
    ['many values in a small index', 1000, { tags: [{ key: 'k', values: Array(200).fill('v') }] }, 52],
    ['all there is', 1_000_000, {}, 100],
  ])('the number of queries per tick follows from their estimated cost: %s', async (_, size, query, expected) => {
    const batchSizes: number[] = []
    const answer = (answers: readonly QueryRequest[]) => {
      batchSizes.push(answers.length)
      return answers.map(() => ({ total: 0, json: new Uint8Array(0) }))
    }
    const boundary = new CommitBoundary()
    const index = {
      revision: 1,
      size,
      boundary,
      packedSize: () => 0,
      of: () => ({ answer }),
    } as unknown as ProjectIndex
    const batcher = new QueryBatcher(() => false)
    let answered = 0
    const answers = Array.from({ length: 100 }, () =>
      batcher.run(index, 'images', { query, offset: 0, limit: 0 }, () => answered++),
    )
    await new Promise<void>((resolve) => setImmediate(resolve))
    expect(answered).toBe(expected)
    await Promise.all(answers)
    expect(answered).toBe(100)
    expect(Math.max(...batchSizes)).toBeLessThanOrEqual(32)
  })

  it('pages that take longer than estimated are left for the next tick', async () => {
    const batcher = new QueryBatcher(() => false)
    const index = await indexOf('a')
    let nowMs = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 0.75))
    const order: number[] = []
    const answers = Array.from({ length: 9 }, (_, i) =>
      batcher.run(index, 'images', { ...ids('a'), limit: 10 }, () => order.push(i)),
    )
    await new Promise<void>((resolve) => setImmediate(resolve))
    const seen = order.length
    await Promise.all(answers)
    clock.mockRestore()
    expect(seen).toBe(3)
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('an answer has the revision of the index at execution', async () => {
    const batcher = new QueryBatcher(() => false)
    const index = await indexOf('a')
    const before = batcher.run(index, 'images', ids('a'), ({ revision, total }) => [revision, total])
    const taken = index.apply([change(2, 'a')])
    expect(await before).toEqual([2, 2])
    await taken
    expect(await batcher.run(index, 'images', ids('a'), ({ revision, total }) => [revision, total])).toEqual([2, 2])
  })

  it('queries to an index with a partially applied change are rejected', async () => {
    const batcher = new QueryBatcher(() => false)
    const index = await indexOf('a')
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
    const answers = Array.from({ length: 40 }, () => batcher.run(index, 'images', ids('a'), text))
    const results = Promise.allSettled(answers)
    const tooMany = Array.from({ length: 300 }, (_, i) => ({ key: `k${i}`, value: '' }))
    const half = { ...change(3, 'a'), after: { name: '', detail: '{}', tags: tooMany } }
    await new Promise<void>((resolve) => queueMicrotask(resolve))
    await expect(index.apply([change(2, 'a'), half])).rejects.toThrow('more than')
    // Three pages of a thousand fit into the tick before the change; the other queries are rejected.
    const answered = (await results).map((result) => (result.status === 'fulfilled' ? result.value : 'refused'))
    clock.mockRestore()
    expect(answered.slice(0, 3)).toEqual(['i1', 'i1', 'i1'])
    expect(answered.slice(3)).toEqual(Array.from({ length: 37 }, () => 'refused'))
    expect(() => index.of('images')).toThrow('more than')
  })

  it('an error in one callback rejects that query only, an error of the index rejects the batch', async () => {
    const batcher = new QueryBatcher(() => false)
    const index = await indexOf('a')
    const good = batcher.run(index, 'images', ids('a'), text)
    const bad = batcher.run(index, 'images', ids('a'), () => {
      throw new Error('unreadable')
    })
    expect(await good).toBe('i1')
    await expect(bad).rejects.toThrow('unreadable')
    const broken = {
      revision: 1,
      size: 1,
      boundary: new CommitBoundary(),
      packedSize: () => 0,
      of: () => ({
        answer: () => {
          throw new Error('broken')
        },
      }),
    } as unknown as ProjectIndex
    const results = await Promise.allSettled([1, 2].map(() => batcher.run(broken, 'images', ids('a'), text)))
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })

  it('while several projects send requests, a tick has an eighth of the budget', async () => {
    const batcher = new QueryBatcher(() => true)
    const index = await indexOf('a')
    let answered = 0
    // Pages without resources, so that the clock does not end a batch.
    const answers = Array.from({ length: 100 }, () =>
      batcher.run(index, 'images', { ...ids('absent'), limit: 90 }, () => answered++),
    )
    await new Promise<void>((resolve) => setImmediate(resolve))
    expect(answered).toBe(4)
    await Promise.all(answers)
  })
})
