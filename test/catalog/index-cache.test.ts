import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeEach, describe, expect, it } from 'vitest'
import { IndexCache } from '../../src/catalog/index-cache.ts'
import { IndexLoader, SNAPSHOT_SIZE_MIN } from '../../src/catalog/index-loader.ts'
import type { ProjectIndex } from '../../src/catalog/project-index.ts'
import { FakeStore, register, request, settle } from './fake-store.ts'

let store: FakeStore
let loader: IndexLoader
let evicted: string[]

beforeEach(() => {
  store = new FakeStore()
  evicted = []
  loader = new IndexLoader({
    ...{ store, seed: 0 },
    onSnapshotError: (project, error) => {
      throw new Error(`no snapshots are kept, and ${project} has trouble with one`, { cause: error })
    },
  })
})

function holding(bytesMax: number): IndexCache {
  return new IndexCache({ store, loader, bytesMax, onEvicted: (project) => evicted.push(project) })
}

/** Writes projects of one size, or of so many resources, and gives what an index of that size takes. */
async function write(projects: readonly string[], size = 1, about = 'a name'): Promise<number> {
  const requests = Array.from({ length: size }, (_, i) => request(`id-${i}`, register({ name: `${about} of ${i}` })))
  for (const project of projects) store.writeElsewhere(project, ...requests)
  return (await loader.scan(projects[0] as string, size)).bytes
}

const scanned = () => store.callsOf('scan').map(([, project]) => project)
const sizeOf = (index: ProjectIndex) => index.of('images').size

describe('the memory of indexes', () => {
  it('drops the one that was asked about the longest ago, and loads it again when it is asked about', async () => {
    const each = await write(['a', 'b', 'c'])
    const followers = holding(2 * each)
    const before = scanned().length
    for (const project of ['a', 'b', 'a', 'c']) await followers.fresh(project)
    expect(evicted).toEqual(['b'])
    expect(followers.stats).toMatchObject({ projects: 2, bytes: 2 * each, evictions: 1 })
    store.writeElsewhere('b', request('later'))
    expect(sizeOf(await followers.fresh('b'))).toBe(2)
    expect(scanned().slice(before)).toEqual(['a', 'b', 'c', 'b'])
    expect(evicted).toEqual(['b', 'a'])
  })

  it('stays within its bound whatever is asked', async () => {
    const projects = Array.from({ length: 20 }, (_, i) => `p-${i}`)
    const each = await write(projects)
    const followers = holding(5 * each)
    for (let round = 0; round < 3; round++) {
      for (const project of projects) {
        await followers.fresh(project)
        expect(followers.stats.bytes).toBeLessThanOrEqual(5 * each)
      }
    }
    expect(followers.stats).toMatchObject({ projects: 5, bytes: 5 * each, evictions: 55, loads: 61 })
  })

  it('counts what an index has grown by, also by writes', async () => {
    const each = await write(['a', 'b'])
    const grown = await write(['c'], 2000)
    const followers = holding(grown + each - 1)
    await followers.fresh('a')
    await followers.fresh('b')
    store.writeElsewhere('b', ...store.log('c').map(({ id, after }) => request(id, register(after))))
    await followers.applyCommitted('b', store.log('b').slice(1))
    expect(evicted).toEqual(['a'])
    expect(followers.stats.bytes).toBe(grown)
    expect(followers.stats.bytes).toBe((await followers.fresh('b')).bytes)
  })

  it('does not bring back what a commit is for that comes after the drop', async () => {
    await write(['a', 'b'])
    const followers = holding(0)
    await followers.fresh('a')
    await followers.fresh('b')
    store.writeElsewhere('a', request('x'))
    await followers.applyCommitted('a', store.log('a').slice(-1))
    expect([...followers.entries.keys()]).toEqual(['b'])
    expect(sizeOf(await followers.fresh('a'))).toBe(2)
  })

  it('holds one project that is too large by itself, and beside it what fits', async () => {
    const small = await write(['a', 'b', 'c'])
    await write(['large', 'larger'], 3000)
    const followers = holding(2 * small)
    const before = scanned().length
    for (const project of ['large', 'a', 'large', 'b', 'large', 'a', 'large', 'c', 'large']) {
      await followers.fresh(project)
    }
    expect(scanned().slice(before)).toEqual(['large', 'a', 'b', 'c'])
    expect(evicted).toEqual(['b'])
    // Another such one takes its place.
    await followers.fresh('larger')
    expect(evicted).toEqual(['b', 'large'])
    // It goes when it is the one that was asked about the longest ago, and there is no room for the others.
    for (const project of ['a', 'c', 'b']) await followers.fresh(project)
    expect(evicted).toEqual(['b', 'large', 'larger', 'a'])
    expect(followers.stats.bytes).toBe(2 * small)
  })

  it('of two that are too large keeps the one that was asked about last, also when the other one grew', async () => {
    await write(['a', 'b'], 3000)
    const followers = holding(0)
    await Promise.all([followers.fresh('a'), followers.fresh('b')])
    expect(followers.stats).toMatchObject({ projects: 1, evictions: 1 })
  })
})

describe('an index that is dropped while it is asked', () => {
  it('gives its answer to everybody who waits, with all that was acknowledged, and loads once for all', async () => {
    const each = await write(['a', 'b'])
    const followers = holding(each)
    await followers.fresh('a')
    const before = scanned().length
    const release = store.hold('getRevision', 'a')
    const reads = [followers.fresh('a'), followers.fresh('a')]
    await settle()
    const later = followers.fresh('a')
    store.writeElsewhere('a', request('later'))
    const latest = followers.fresh('a')
    await followers.fresh('b')
    expect(evicted).toEqual(['a'])
    release()
    for (const index of await Promise.all(reads)) expect(sizeOf(index)).toBeGreaterThanOrEqual(1)
    for (const index of await Promise.all([later, latest])) expect(sizeOf(index)).toBe(2)
    expect(scanned().slice(before)).toEqual(['b', 'a'])
  })

  it('is not held again by a read that was catching up', async () => {
    const each = await write(['a', 'b'])
    const followers = holding(each)
    await followers.fresh('a')
    store.writeElsewhere('a', request('later'))
    const release = store.hold('changesSince', 'a')
    const read = followers.fresh('a')
    await settle()
    await followers.fresh('b')
    release()
    expect(sizeOf(await read)).toBe(2)
    expect([...followers.entries.keys()]).toEqual(['b'])
    expect(followers.stats.bytes).toBe(each)
  })

  it('loses no commit that it was taking in', async () => {
    const each = await write(['a', 'b'])
    const followers = holding(each)
    await followers.fresh('a')
    store.writeElsewhere('a', ...Array.from({ length: 250 }, (_, i) => request(`more-${i}`)))
    const taken = followers.applyCommitted('a', store.log('a').slice(1))
    const read = followers.fresh('a')
    followers.drop('a')
    expect(sizeOf(await read)).toBe(251)
    await taken
    expect(sizeOf(await followers.fresh('a'))).toBe(251)
  })

  it('is loaded once for all who ask while it is loaded', async () => {
    await write(['a'])
    const followers = holding(0)
    const before = scanned().length
    const release = store.hold('scan', 'a')
    const reads = [followers.fresh('a')]
    await settle()
    reads.push(followers.fresh('a'), followers.fresh('a'))
    release()
    await Promise.all(reads)
    expect(scanned().length - before).toBe(1)
  })
})

describe('what is dropped', () => {
  it('is let go of, with its memory', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const each = await write(['a', 'b'], 1000, 'x'.repeat(1200))
    // So large that it lies in the memory of WebAssembly.
    expect(each).toBeGreaterThan(1.1 * 2 ** 20)
    const followers = holding(each)
    const dropped = new WeakRef(await followers.fresh('a'))
    const memory = new WeakRef((await followers.fresh('a')).of('images').memory.buffer)
    const kept = new WeakRef(await followers.fresh('b'))
    expect(evicted).toEqual(['a'])
    await settle()
    collectGarbage()
    expect([dropped.deref(), memory.deref()]).toEqual([undefined, undefined])
    expect(kept.deref()).toBe(await followers.fresh('b'))
    // Also while its project is asked about, which is not forgotten then.
    const release = store.hold('getRevision', 'b')
    const read = followers.fresh('b')
    await followers.fresh('a')
    await settle()
    collectGarbage()
    expect([kept.deref(), evicted]).toEqual([undefined, ['a', 'b']])
    release()
    expect(sizeOf(await read)).toBe(1000)
  })
})

describe('loads', () => {
  it('go on two at a time, and small projects do not wait for large ones', async () => {
    const large = ['a', 'b', 'c']
    await write(large, SNAPSHOT_SIZE_MIN)
    await write(['s', 't', 'u'])
    const followers = holding(Number.POSITIVE_INFINITY)
    const before = scanned().length
    const under = () => scanned().slice(before)
    const holds = new Map([...large, 's', 't', 'u'].map((project) => [project, store.hold('scan', project)]))
    const reads = [...large, 's', 't', 'u'].map((project) => followers.fresh(project))
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

  it('that fail give their turn to the next', async () => {
    const projects = ['a', 'b', 'c', 'd', 'e']
    await write(projects)
    const followers = holding(Number.POSITIVE_INFINITY)
    const failure = new Error('no scan')
    for (let i = 0; i < 3; i++) store.failNext('scan', failure)
    const results = await Promise.allSettled(projects.map((project) => followers.fresh(project)))
    expect(results.map(({ status }) => status).sort()).toEqual([
      ...['fulfilled', 'fulfilled', 'rejected', 'rejected', 'rejected'],
    ])
    for (const project of projects) expect(sizeOf(await followers.fresh(project))).toBe(1)
  })
})

describe('projects of which nothing is to be held', () => {
  it('are those that were never written, whoever asks about them', async () => {
    const followers = holding(Number.POSITIVE_INFINITY)
    for (let i = 0; i < 100; i++) {
      const [one, two] = await Promise.all([followers.fresh(`made-up-${i}`), followers.fresh(`made-up-${i}`)])
      expect([one?.revision, two?.revision]).toEqual([0, 0])
    }
    expect(followers.stats).toEqual({ projects: 0, bytes: 0, oversizedBytes: 0, evictions: 0, loads: 0 })
  })

  it('until they are', async () => {
    const followers = holding(Number.POSITIVE_INFINITY)
    await followers.fresh('a')
    store.writeElsewhere('a', request('x'))
    await followers.applyCommitted('a', store.log('a'))
    expect(sizeOf(await followers.fresh('a'))).toBe(1)
    expect(followers.stats.projects).toBe(1)
  })

  it('and those about which nothing could be learnt', async () => {
    const followers = holding(Number.POSITIVE_INFINITY)
    for (const method of ['getRevision', 'scan'] as const) {
      store.writeElsewhere('a', request('x'))
      store.failNext(method, new Error('no answer'))
      await expect(followers.fresh('a')).rejects.toThrow('no answer')
      expect(followers.stats.projects).toBe(0)
    }
  })

  it('and one whose index could not take in a commit', async () => {
    await write(['a'])
    const followers = holding(Number.POSITIVE_INFINITY)
    await followers.fresh('a')
    store.writeElsewhere('a', request('x'))
    const broken = store.log('a').map((change) => ({ ...change, after: null as unknown as undefined }))
    await expect(followers.applyCommitted('a', broken)).rejects.toThrow()
    expect(followers.stats).toMatchObject({ projects: 0, bytes: 0, evictions: 0 })
    expect(sizeOf(await followers.fresh('a'))).toBe(2)
  })
})
