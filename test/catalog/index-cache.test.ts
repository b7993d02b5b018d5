import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeEach, describe, expect, it } from 'vitest'
import { IndexCache } from '../../src/catalog/index-cache.ts'
import { IndexLoader, SNAPSHOT_SIZE_MIN } from '../../src/catalog/index-loader.ts'
import { PastLoader } from '../../src/catalog/past-loader.ts'
import type { ProjectIndex } from '../../src/catalog/project-index.ts'
import { FakeStore, register, request, settle } from './fake-store.ts'

let store: FakeStore
let loader: IndexLoader
let pastLoader: PastLoader
let evicted: string[]

beforeEach(() => {
  store = new FakeStore()
  evicted = []
  const options = {
    store,
    seed: 0,
    onSnapshotError: (project: string, error: unknown) => {
      throw new Error(`no snapshots are kept, and ${project} has trouble with one`, { cause: error })
    },
  }
  loader = new IndexLoader(options)
  pastLoader = new PastLoader(options)
})

function holding(bytesMax: number): IndexCache {
  return new IndexCache({ store, loader, pastLoader, bytesMax, onEvicted: (project) => evicted.push(project) })
}

/** Writes projects of equal size, and gives the size of an index of theirs in bytes. */
async function write(projects: readonly string[], size = 1, about = 'a name'): Promise<number> {
  const requests = Array.from({ length: size }, (_, i) => request(`id-${i}`, register({ name: `${about} of ${i}` })))
  for (const project of projects) store.writeElsewhere(project, ...requests)
  return (await loader.scan(projects[0] as string, size)).bytes
}

const scanned = () => store.callsOf('scan').map(([, project]) => project)
const sizeOf = (index: ProjectIndex) => index.of('images').size

describe('the limit of the index cache', () => {
  it('the least recently used index is evicted, and loaded again at its next read', async () => {
    const each = await write(['a', 'b', 'c'])
    const cache = holding(2 * each)
    const before = scanned().length
    for (const project of ['a', 'b', 'a', 'c']) await cache.fresh(project)
    expect(evicted).toEqual(['b'])
    expect(cache.stats).toMatchObject({ projects: 2, bytes: 2 * each, evictions: 1 })
    store.writeElsewhere('b', request('later'))
    expect(sizeOf(await cache.fresh('b'))).toBe(2)
    expect(scanned().slice(before)).toEqual(['a', 'b', 'c', 'b'])
    expect(evicted).toEqual(['b', 'a'])
  })

  it('the cache stays within its limit for any sequence of reads', async () => {
    const projects = Array.from({ length: 20 }, (_, i) => `p-${i}`)
    const each = await write(projects)
    const cache = holding(5 * each)
    for (let round = 0; round < 3; round++) {
      for (const project of projects) {
        await cache.fresh(project)
        expect(cache.stats.bytes).toBeLessThanOrEqual(5 * each)
      }
    }
    expect(cache.stats).toMatchObject({ projects: 5, bytes: 5 * each, evictions: 55, loads: 61 })
  })

  it('the size of an index is updated after reads and writes', async () => {
    const each = await write(['a', 'b'])
    const grown = await write(['c'], 2000)
    const cache = holding(grown + each - 1)
    await cache.fresh('a')
    await cache.fresh('b')
    store.writeElsewhere('b', ...store.log('c').map(({ id, after }) => request(id, register(after))))
    await cache.applyCommitted('b', store.log('b').slice(1))
    expect(evicted).toEqual(['a'])
    expect(cache.stats.bytes).toBe(grown)
    expect(cache.stats.bytes).toBe((await cache.fresh('b')).bytes)
  })

  it('a commit after an eviction does not restore the index', async () => {
    await write(['a', 'b'])
    const cache = holding(0)
    await cache.fresh('a')
    await cache.fresh('b')
    store.writeElsewhere('a', request('x'))
    await cache.applyCommitted('a', store.log('a').slice(-1))
    expect([...cache.entries.keys()]).toEqual(['b'])
    expect(sizeOf(await cache.fresh('a'))).toBe(2)
  })

  it('one index larger than the limit is kept in addition to the limit', async () => {
    const small = await write(['a', 'b', 'c'])
    await write(['large', 'larger'], 3000)
    const cache = holding(2 * small)
    const before = scanned().length
    for (const project of ['large', 'a', 'large', 'b', 'large', 'a', 'large', 'c', 'large']) {
      await cache.fresh(project)
    }
    expect(scanned().slice(before)).toEqual(['large', 'a', 'b', 'c'])
    expect(evicted).toEqual(['b'])
    // Another oversized index replaces it.
    await cache.fresh('larger')
    expect(evicted).toEqual(['b', 'large'])
    // It is evicted when it is the least recently used and the others exceed the limit.
    for (const project of ['a', 'c', 'b']) await cache.fresh(project)
    expect(evicted).toEqual(['b', 'large', 'larger', 'a'])
    expect(cache.stats.bytes).toBe(2 * small)
  })

  it('of two indexes larger than the limit, the more recently used one is kept, also when the other one grew', async () => {
    await write(['a', 'b'], 3000)
    const cache = holding(0)
    await Promise.all([cache.fresh('a'), cache.fresh('b')])
    expect(cache.stats).toMatchObject({ projects: 1, evictions: 1 })
  })
})

describe('an index that is dropped during reads', () => {
  it('reads that wait for a dropped index share one load and see every acknowledged write', async () => {
    const each = await write(['a', 'b'])
    const cache = holding(each)
    await cache.fresh('a')
    const before = scanned().length
    const release = store.hold('getRevision', 'a')
    const reads = [cache.fresh('a'), cache.fresh('a')]
    await settle()
    const later = cache.fresh('a')
    store.writeElsewhere('a', request('later'))
    const latest = cache.fresh('a')
    await cache.fresh('b')
    expect(evicted).toEqual(['a'])
    release()
    for (const index of await Promise.all(reads)) expect(sizeOf(index)).toBeGreaterThanOrEqual(1)
    for (const index of await Promise.all([later, latest])) expect(sizeOf(index)).toBe(2)
    expect(scanned().slice(before)).toEqual(['b', 'a'])
  })

  it('a read that was catching up does not restore a dropped index', async () => {
    const each = await write(['a', 'b'])
    const cache = holding(each)
    await cache.fresh('a')
    store.writeElsewhere('a', request('later'))
    const release = store.hold('changesSince', 'a')
    const read = cache.fresh('a')
    await settle()
    await cache.fresh('b')
    release()
    expect(sizeOf(await read)).toBe(2)
    expect([...cache.entries.keys()]).toEqual(['b'])
    expect(cache.stats.bytes).toBe(each)
  })

  it('no commit is lost when the index is dropped while it applies the commit', async () => {
    const each = await write(['a', 'b'])
    const cache = holding(each)
    await cache.fresh('a')
    store.writeElsewhere('a', ...Array.from({ length: 250 }, (_, i) => request(`more-${i}`)))
    const taken = cache.applyCommitted('a', store.log('a').slice(1))
    const read = cache.fresh('a')
    cache.drop('a')
    expect(sizeOf(await read)).toBe(251)
    await taken
    expect(sizeOf(await cache.fresh('a'))).toBe(251)
  })

  it('reads that arrive during a load share it', async () => {
    await write(['a'])
    const cache = holding(0)
    const before = scanned().length
    const release = store.hold('scan', 'a')
    const reads = [cache.fresh('a')]
    await settle()
    reads.push(cache.fresh('a'), cache.fresh('a'))
    release()
    await Promise.all(reads)
    expect(scanned().length - before).toBe(1)
  })
})

describe('evicted indexes', () => {
  it('an evicted index and its memory are garbage-collected', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const each = await write(['a', 'b'], 1000, 'x'.repeat(1200))
    // Large enough to be in WebAssembly memory.
    expect(each).toBeGreaterThan(1.1 * 2 ** 20)
    const cache = holding(each)
    const dropped = new WeakRef(await cache.fresh('a'))
    const memory = new WeakRef((await cache.fresh('a')).of('images').memory.buffer)
    const kept = new WeakRef(await cache.fresh('b'))
    expect(evicted).toEqual(['a'])
    await settle()
    collectGarbage()
    expect([dropped.deref(), memory.deref()]).toEqual([undefined, undefined])
    expect(kept.deref()).toBe(await cache.fresh('b'))
    // Also during a read of its project, which keeps the cache entry.
    const release = store.hold('getRevision', 'b')
    const read = cache.fresh('b')
    await cache.fresh('a')
    await settle()
    collectGarbage()
    expect([kept.deref(), evicted]).toEqual([undefined, ['a', 'b']])
    release()
    expect(sizeOf(await read)).toBe(1000)
  })
})

describe('concurrent loads', () => {
  it('two large and two small projects load concurrently, and small ones do not wait for large ones', async () => {
    const large = ['a', 'b', 'c']
    await write(large, SNAPSHOT_SIZE_MIN)
    await write(['s', 't', 'u'])
    const cache = holding(Number.POSITIVE_INFINITY)
    const before = scanned().length
    const under = () => scanned().slice(before)
    const holds = new Map([...large, 's', 't', 'u'].map((project) => [project, store.hold('scan', project)]))
    const reads = [...large, 's', 't', 'u'].map((project) => cache.fresh(project))
    await settle()
    expect(under()).toEqual(['a', 'b', 's', 't'])
    holds.get('s')?.()
    await reads[3]
    await settle()
    expect(under()).toEqual(['a', 'b', 's', 't', 'u'])
    for (const release of holds.values()) release()
    await Promise.all(reads)
    expect(under()).toEqual(['a', 'b', 's', 't', 'u', 'c'])
  })

  it('a load that fails releases its permit', async () => {
    const projects = ['a', 'b', 'c', 'd', 'e']
    await write(projects)
    const cache = holding(Number.POSITIVE_INFINITY)
    const failure = new Error('no scan')
    for (let i = 0; i < 3; i++) store.failNext('scan', failure)
    const results = await Promise.allSettled(projects.map((project) => cache.fresh(project)))
    expect(results.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
    ])
    for (const project of projects) expect(sizeOf(await cache.fresh(project))).toBe(1)
  })
})

describe('projects without a cache entry', () => {
  it('a project that was never written is not cached', async () => {
    const cache = holding(Number.POSITIVE_INFINITY)
    for (let i = 0; i < 100; i++) {
      const [one, two] = await Promise.all([cache.fresh(`made-up-${i}`), cache.fresh(`made-up-${i}`)])
      expect([one?.revision, two?.revision]).toEqual([0, 0])
    }
    expect(cache.stats).toEqual({ projects: 0, past: 0, bytes: 0, oversizedBytes: 0, evictions: 0, loads: 0 })
  })

  it('a project is cached after its first write', async () => {
    const cache = holding(Number.POSITIVE_INFINITY)
    await cache.fresh('a')
    store.writeElsewhere('a', request('x'))
    await cache.applyCommitted('a', store.log('a'))
    expect(sizeOf(await cache.fresh('a'))).toBe(1)
    expect(cache.stats.projects).toBe(1)
  })

  it('a project whose reads failed is not cached', async () => {
    const cache = holding(Number.POSITIVE_INFINITY)
    for (const method of ['getRevision', 'scan'] as const) {
      store.writeElsewhere('a', request('x'))
      store.failNext(method, new Error('no answer'))
      await expect(cache.fresh('a')).rejects.toThrow('no answer')
      expect(cache.stats.projects).toBe(0)
    }
  })

  it('a project whose index could not apply a commit is not cached', async () => {
    await write(['a'])
    const cache = holding(Number.POSITIVE_INFINITY)
    await cache.fresh('a')
    store.writeElsewhere('a', request('x'))
    const broken = store.log('a').map((change) => ({ ...change, after: null as unknown as undefined }))
    await expect(cache.applyCommitted('a', broken)).rejects.toThrow()
    expect(cache.stats).toMatchObject({ projects: 0, bytes: 0, evictions: 0 })
    expect(sizeOf(await cache.fresh('a'))).toBe(2)
  })
})

describe('indexes at earlier revisions', () => {
  const pages = (index: ProjectIndex) => index.of('images').find({}, 0, 1000).total

  it('an index at an earlier revision is loaded once, and stays as it is while the project changes', async () => {
    await write(['a'], 10)
    const cache = holding(Number.POSITIVE_INFINITY)
    const index = await cache.at('a', 4)
    store.writeElsewhere('a', request('later'))
    await cache.fresh('a')
    expect(await cache.at('a', 4)).toBe(index)
    expect([index.revision, pages(index), pastLoader.loads]).toEqual([4, 4, 1])
    expect(cache.stats).toMatchObject({ projects: 1, past: 1 })
  })

  it('a project has at most two, the most recently used ones', async () => {
    await write(['a', 'b'], 10)
    const cache = holding(Number.POSITIVE_INFINITY)
    for (const revision of [1, 2, 1, 3]) await cache.at('a', revision)
    await cache.at('b', 5)
    expect([cache.stats.past, pastLoader.loads]).toEqual([3, 4])
    await cache.at('a', 1)
    await cache.at('a', 3)
    expect(pastLoader.loads).toBe(4)
    await cache.at('a', 2)
    expect([cache.stats.past, pastLoader.loads]).toEqual([3, 5])
  })

  it('they count for the limit, and are evicted like others without a snapshot of them', async () => {
    const each = await write(['a', 'b', 'c'])
    const cache = holding(2 * each)
    await cache.fresh('a')
    store.writeElsewhere('a', request('later'))
    await cache.at('a', 1)
    await cache.fresh('b')
    await cache.fresh('c')
    expect(cache.stats).toMatchObject({ projects: 2, past: 0, evictions: 2 })
    expect(evicted).toEqual(['a'])
    expect(cache.stats.bytes).toBeLessThanOrEqual(2 * each)
  })

  it('one that is larger than the limit gives way to the present index of the project', async () => {
    await write(['a'], 200)
    const cache = holding(1)
    const present = await cache.fresh('a')
    expect(pages(await cache.at('a', 150))).toBe(150)
    expect(cache.stats).toMatchObject({ projects: 1, past: 0 })
    expect(await cache.fresh('a')).toBe(present)
    cache.drop('a')
    await cache.at('a', 150)
    expect(cache.stats).toMatchObject({ projects: 0, past: 1 })
    await cache.fresh('a')
    expect(cache.stats).toMatchObject({ projects: 1, past: 0 })
  })

  it('dropping a project drops them, also one that is being loaded', async () => {
    await write(['a', 'b'], 10)
    const cache = holding(Number.POSITIVE_INFINITY)
    await cache.at('a', 1)
    await cache.at('b', 1)
    const release = store.hold('changesSince', 'a')
    const loading = cache.at('a', 2)
    await settle()
    cache.drop('a')
    release()
    expect(pages(await loading)).toBe(2)
    expect(cache.stats.past).toBe(1)
    cache.drop()
    expect(cache.stats).toMatchObject({ past: 0, bytes: 0 })
  })
})
