import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { IndexFollower } from '../../src/catalog/index-follower.ts'
import { IndexLoader } from '../../src/catalog/index-loader.ts'
import { ProjectIndex } from '../../src/catalog/project-index.ts'
import { DamagedRow } from '../../src/store/damaged-row.ts'
import type { Change } from '../../src/store/store.ts'
import { FakeStore, register, request, settle } from './fake-store.ts'

let store: FakeStore
let follower: IndexFollower

beforeEach(() => {
  store = new FakeStore()
  const loader = new IndexLoader({
    store,
    seed: 0,
    onSnapshotError: (project, error) => {
      throw new Error(`no snapshots are kept, and ${project} has trouble with one`, { cause: error })
    },
  })
  follower = new IndexFollower(store, loader, 'p')
})

const imagesOf = (index: ProjectIndex) => {
  const images = index.of('images')
  return Array.from(images.find({}, 0, 1e6).slots, (slot) => images.at(slot).id)
}

const count = (method: 'getRevision' | 'scan' | 'changesSince') => store.callsOf(method).length

function change(revision: number, id: string, after: Change['after'], sequence = revision): Change {
  const kind = after === undefined ? 'delete' : 'register'
  const ofResource = { type: 'images', id, sequence, createdAtMs: 0, after, priorRevision: undefined } as const
  return { revision, kind, ...ofResource, actor: 'u', requestId: 'r', atMs: 0, cause: undefined }
}

const STATE = { name: '', detail: '{}', tags: [] }

describe('ProjectIndex', () => {
  it('a new ProjectIndex is empty and at revision 0', () => {
    const index = new ProjectIndex({ seed: 0 })
    expect(index.revision).toBe(0)
    expect([index.of('images').size, index.of('instances').size]).toEqual([0, 0])
  })

  it('ProjectIndex applies changes in order', async () => {
    const index = new ProjectIndex({ seed: 0 })
    const renamed = { ...STATE, name: 'x', tags: [{ key: 'a', value: '1' }] }
    await index.apply([
      change(1, 'a', STATE),
      change(2, 'b', STATE),
      change(3, 'a', renamed, 1),
      change(4, 'b', undefined, 2),
    ])
    expect(index.revision).toBe(4)
    expect(imagesOf(index)).toEqual(['a'])
    expect(index.of('images').get('a')).toEqual({ ...renamed, id: 'a', sequence: 1, createdAtMs: 0, updatedAtMs: 0 })
  })

  it('ProjectIndex keeps the resources of each type separate', async () => {
    const index = new ProjectIndex({ seed: 0 })
    await index.apply([change(1, 'a', STATE), { ...change(2, 'a', { ...STATE, name: 'i' }), type: 'instances' }])
    expect(index.of('images').get('a')?.name).toBe('')
    expect(index.of('instances').get('a')?.name).toBe('i')
  })

  it('ProjectIndex skips changes that it has and stops at a gap', async () => {
    const index = new ProjectIndex({ seed: 0 })
    await index.apply([change(1, 'a', STATE), change(2, 'b', STATE)])
    await index.apply([change(1, 'x', STATE), change(2, 'y', STATE), change(3, 'c', STATE), change(5, 'e', STATE)])
    expect(index.revision).toBe(3)
    expect(imagesOf(index)).toEqual(['a', 'b', 'c'])
  })

  it('ProjectIndex is wasteful when more slots are free than used', async () => {
    const index = new ProjectIndex({ seed: 0 })
    const made = Array.from({ length: 1200 }, (_, n) => change(n + 1, `id-${n}`, { ...STATE, name: `name-${n}` }))
    const gone = Array.from({ length: 1025 }, (_, n) => change(n + 1201, `id-${n}`, undefined, n + 1))
    await index.apply([...made, ...gone.slice(0, 1024)])
    expect([index.of('images').slotCount, index.isWasteful]).toEqual([1200, false])
    await index.apply(gone)
    expect([index.of('images').size, index.revision, index.isWasteful]).toEqual([175, 2225, true])
  })

  it('a scan loads the resources of all types in batches and yields to the event loop', async () => {
    store.writeElsewhere('p', ...['a', 'b', 'c', 'd', 'e'].map((id) => request(id)))
    store.writeElsewhere(
      'p',
      request('a', register({ name: 'instance' }), 'instances'),
      request('b', { kind: 'delete' }),
    )
    store.scanBatch = 1
    for (let i = 0; i < 3; i++) await nextTurn()
    let turns = 0
    let isLoaded = false
    const count = () => {
      turns++
      if (!isLoaded) setImmediate(count)
    }
    setImmediate(count)
    // Each read of the clock advances it by half a time slice.
    let nowMs = performance.now()
    vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 0.5))
    const index = await ProjectIndex.scan(store, 'p', { seed: 0 })
    isLoaded = true
    vi.restoreAllMocks()
    expect(turns).toBeGreaterThanOrEqual(1)
    expect(index.revision).toBe(7)
    expect(imagesOf(index)).toEqual(['a', 'c', 'd', 'e'])
    expect(index.of('instances').get('a')).toMatchObject({ name: 'instance', sequence: 6 })
  })
})

describe('revision checks', () => {
  it('reads that arrive together share one revision check', async () => {
    store.writeElsewhere('p', request('a'))
    const indexes = await Promise.all([follower.fresh(), follower.fresh(), follower.fresh()])
    expect(store.calls.map(([method, project]) => [method, project])).toEqual([
      ['getRevision', 'p'],
      ['scan', 'p'],
    ])
    expect(new Set(indexes).size).toBe(1)
  })

  it('consecutive reads have a revision check each', async () => {
    store.writeElsewhere('p', request('a'))
    await follower.fresh()
    await follower.fresh()
    expect([count('getRevision'), count('scan')]).toEqual([2, 1])
  })

  it('a read that arrives during a revision check waits for the next one, and sees what was written before it', async () => {
    await follower.fresh()
    const release = store.hold('getRevision')
    const first = follower.fresh().then((index) => index.revision)
    await settle()
    expect(count('getRevision')).toBe(2)
    // Acknowledged after the first check has read the revision, and before the second read.
    store.writeElsewhere('p', request('a'))
    const second = follower.fresh()
    const third = follower.fresh()
    await settle()
    expect(count('getRevision')).toBe(2)
    release()
    expect(await first).toBe(0)
    const index = await second
    expect([index.revision, imagesOf(index)]).toEqual([1, ['a']])
    expect(await third).toBe(index)
    expect(count('getRevision')).toBe(3)
  })

  it('reads that arrive during a load wait for the next revision check, and nothing is loaded twice', async () => {
    store.writeElsewhere('p', request('a'))
    const release = store.hold('scan')
    const first = follower.fresh().then(imagesOf)
    await settle()
    store.writeElsewhere('p', request('b'))
    const others = [follower.fresh(), follower.fresh()]
    await settle()
    expect([count('getRevision'), count('scan')]).toEqual([1, 1])
    release()
    expect(await first).toEqual(['a'])
    for (const index of await Promise.all(others)) expect(imagesOf(index)).toEqual(['a', 'b'])
    expect([count('getRevision'), count('scan'), count('changesSince')]).toEqual([2, 1, 1])
  })

  it('a project that was never written is empty without a load', async () => {
    expect((await follower.fresh()).revision).toBe(0)
    expect(store.calls.map(([method]) => method)).toEqual(['getRevision'])
  })
})

describe('catching up', () => {
  it('an index that is behind applies the changes since its revision, in order, without a load', async () => {
    await follower.fresh()
    store.writeElsewhere('p', request('a'), request('b'), request('a', { kind: 'delete' }), request('a'))
    const index = await follower.fresh()
    expect([index.revision, imagesOf(index)]).toEqual([4, ['b', 'a']])
    expect(store.callsOf('changesSince')).toEqual([['changesSince', 'p', 0, 500, 4]])
    expect(count('scan')).toBe(0)
  })

  it('an index catches up in batches of 500 changes', async () => {
    await follower.fresh()
    store.writeElsewhere('p', ...Array.from({ length: 501 }, (_, n) => request(`id-${n}`)))
    const index = await follower.fresh()
    expect([index.revision, index.of('images').size]).toEqual([501, 501])
    expect(store.callsOf('changesSince').map(([, , revision]) => revision)).toEqual([0, 500])
  })

  it('a read never answers from the middle of a commit that is made while it catches up', async () => {
    store.writeElsewhere('p', request('first'))
    await follower.fresh()
    store.writeElsewhere('p', ...['a', 'b', 'c'].map((id) => request(id)))
    for (const method of ['getRevision', 'changesSince'] as const) {
      const { revision } = await store.getHistoryState('p')
      const release = store.hold(method)
      const read = follower.fresh()
      await settle()
      // One commit of another process, which takes more than one batch.
      store.writeElsewhere('p', ...Array.from({ length: 600 }, (_, n) => request(`${method}-${n}`)))
      release()
      expect((await read).revision).toBe(revision)
      expect((await follower.fresh()).revision).toBe(revision + 600)
    }
  })

  it('a read never answers from the middle of a commit of this process', async () => {
    store.writeElsewhere('p', request('first'))
    await follower.fresh()
    store.writeElsewhere('p', request('second'))
    const release = store.hold('changesSince')
    const read = follower.fresh()
    await settle()
    await follower.applyCommitted(store.log('p'))
    store.writeElsewhere('p', ...Array.from({ length: 500 }, (_, n) => request(`id-${n}`)))
    // Each read of the clock advances it by half a time slice.
    let nowMs = performance.now()
    vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 0.5))
    const applying = follower.applyCommitted(store.log('p'))
    await settle()
    const revision = follower.index?.revision
    release()
    expect((await read).revision).toBe(502)
    vi.restoreAllMocks()
    await applying
    // The slices that were measured with this clock are over.
    for (let i = 0; i < 3; i++) await nextTurn()
    expect(revision).toBeGreaterThan(2)
    expect(revision).toBeLessThan(502)
  })

  it('changes committed by this process are applied without reading the change log', async () => {
    await follower.fresh()
    store.writeElsewhere('p', request('a'))
    await follower.applyCommitted(store.log('p'))
    const index = await follower.fresh()
    expect(imagesOf(index)).toEqual(['a'])
    expect(count('changesSince')).toBe(0)
  })

  it('a large commit is applied in time slices, and a read during it waits instead of reading the change log', async () => {
    const index = await follower.fresh()
    store.writeElsewhere('p', ...Array.from({ length: 250 }, (_, n) => request(`id-${n}`)))
    let nowMs = performance.now()
    // Each read of the clock advances it by 0.5 ms, once per change.
    vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 0.5))
    const taken = follower.applyCommitted(store.log('p'))
    const seen = [index.revision]
    const read = follower.fresh()
    while (index.revision < 250) {
      await nextTurn()
      seen.push(index.revision)
    }
    vi.restoreAllMocks()
    // A time slice of a millisecond is over after two or three changes.
    expect(Math.max(...seen.map((revision, i) => revision - (seen[i - 1] ?? 0)))).toBeLessThanOrEqual(3)
    expect(imagesOf(await read)).toHaveLength(250)
    await taken
    expect(count('changesSince')).toBe(0)
  })

  it('an index that cannot apply a commit is dropped, also for a read that waits for it', async () => {
    await follower.fresh()
    store.writeElsewhere('p', ...Array.from({ length: 250 }, (_, n) => request(`id-${n}`)))
    const broken = store.log('p').map((change) => (change.revision === 150 ? { ...change, after: null } : change))
    const taken = follower.applyCommitted(broken as unknown as readonly Change[])
    const read = follower.fresh()
    await expect(taken).rejects.toThrow()
    expect(imagesOf(await read)).toHaveLength(250)
    expect(count('scan')).toBe(1)
  })

  it('commits out of order are ignored, and the next read catches up', async () => {
    await follower.fresh()
    store.writeElsewhere('p', request('a'), request('b'), request('c'))
    const [one, two, three] = store.log('p')
    await follower.applyCommitted([three as Change])
    await follower.applyCommitted([two as Change, three as Change])
    await follower.applyCommitted([one as Change])
    const index = await follower.fresh()
    expect([index.revision, imagesOf(index)]).toEqual([3, ['a', 'b', 'c']])
    expect(store.callsOf('changesSince')).toEqual([['changesSince', 'p', 1, 500, 3]])
  })

  it('commits before the first read are ignored', async () => {
    store.writeElsewhere('p', request('a'))
    await follower.applyCommitted(store.log('p'))
    expect(store.calls).toEqual([])
    expect(imagesOf(await follower.fresh())).toEqual(['a'])
  })

  it('the project is scanned again when the change log has a gap', async () => {
    await follower.fresh()
    store.writeElsewhere('p', request('a'), request('b'), request('c'))
    store.truncateLog('p', 1)
    const index = await follower.fresh()
    expect([index.revision, imagesOf(index)]).toEqual([3, ['a', 'b', 'c']])
    expect([count('scan'), count('changesSince')]).toEqual([1, 1])
  })

  it('the project is scanned again when the change log is gone, and later changes are applied', async () => {
    await follower.fresh()
    store.writeElsewhere('p', request('a'), request('b'))
    store.truncateLog('p', 2)
    expect(imagesOf(await follower.fresh())).toEqual(['a', 'b'])
    store.writeElsewhere('p', request('c'))
    expect(imagesOf(await follower.fresh())).toEqual(['a', 'b', 'c'])
    expect(count('scan')).toBe(1)
  })

  it('the project is scanned again when a change in the log is damaged', async () => {
    store.writeElsewhere('p', request('a'))
    await follower.fresh()
    store.writeElsewhere('p', request('b'))
    store.failNext('changesSince', new DamagedRow('images b', 2, new Error('damage')))
    expect(imagesOf(await follower.fresh())).toEqual(['a', 'b'])
    expect(count('scan')).toBe(2)
  })

  it('a commit that is applied during a read of the change log causes no load', async () => {
    await follower.fresh()
    store.writeElsewhere('p', request('a'))
    const release = store.hold('changesSince')
    const read = follower.fresh()
    await settle()
    await follower.applyCommitted(store.log('p'))
    release()
    expect(imagesOf(await read)).toEqual(['a'])
    expect(count('scan')).toBe(0)
  })

  it('the index is correct when a commit is applied during a read of the change log', async () => {
    await follower.fresh()
    store.writeElsewhere('p', request('a'), request('b'))
    const release = store.hold('changesSince')
    const read = follower.fresh()
    await settle()
    store.writeElsewhere('p', request('c'))
    await follower.applyCommitted(store.log('p'))
    release()
    expect(imagesOf(await read)).toEqual(['a', 'b', 'c'])
    expect(imagesOf(await follower.fresh())).toEqual(['a', 'b', 'c'])
  })
})

describe('a store that fails', () => {
  const failure = new Error('no answer')

  it.each(['getRevision', 'scan'] as const)(
    'a failure of %s rejects the reads of that revision check, and the next read succeeds',
    async (method) => {
      store.writeElsewhere('p', request('a'))
      store.failNext(method, failure)
      const reads = await Promise.allSettled([follower.fresh(), follower.fresh()])
      expect(reads).toEqual([
        { status: 'rejected', reason: failure },
        { status: 'rejected', reason: failure },
      ])
      expect(imagesOf(await follower.fresh())).toEqual(['a'])
    },
  )

  it('a read rejects when changesSince fails, and the next one catches up', async () => {
    await follower.fresh()
    store.writeElsewhere('p', request('a'))
    store.failNext('changesSince', failure)
    await expect(follower.fresh()).rejects.toBe(failure)
    expect(imagesOf(await follower.fresh())).toEqual(['a'])
    expect(count('scan')).toBe(0)
  })

  it('a failed revision check does not reject the reads that wait for the next one', async () => {
    store.writeElsewhere('p', request('a'))
    const release = store.hold('getRevision')
    store.failNext('getRevision', failure)
    const first = follower.fresh()
    const outcome = expect(first).rejects.toBe(failure)
    await settle()
    const second = follower.fresh()
    release()
    await outcome
    expect(imagesOf(await second)).toEqual(['a'])
  })
})

describe('a wasteful index', () => {
  it('a wasteful index is rebuilt in the background while it answers reads', async () => {
    const ids = Array.from({ length: 1030 }, (_, n) => `id-${n}`)
    await store.commit(
      'p',
      ids.map((id) => request(id)),
    )
    const old = await follower.fresh()
    await store.commit(
      'p',
      ids.slice(5).map((id) => request(id, { kind: 'delete' })),
    )
    const release = store.hold('scan')
    expect(await follower.fresh()).toBe(old)
    expect([old.of('images').size, old.isWasteful]).toEqual([5, true])
    // Written during the rebuild: the new index must contain it.
    await store.commit('p', [request('late')])
    expect((await follower.fresh()).of('images').size).toBe(6)
    release()
    await settle()
    const renewed = await follower.fresh()
    expect(renewed).not.toBe(old)
    expect([renewed.of('images').size, renewed.of('images').slotCount, renewed.isWasteful]).toEqual([6, 6, false])
  })

  it('a wasteful index answers reads when the rebuild fails', async () => {
    const ids = Array.from({ length: 1030 }, (_, n) => `id-${n}`)
    await store.commit(
      'p',
      ids.map((id) => request(id)),
    )
    await follower.fresh()
    await store.commit(
      'p',
      ids.slice(5).map((id) => request(id, { kind: 'delete' })),
    )
    store.failNext('scan', new Error('no scan'))
    expect((await follower.fresh()).of('images').size).toBe(5)
    await settle()
    expect((await follower.fresh()).of('images').size).toBe(5)
  })
})

describe('an index that cannot apply a change of the log', () => {
  it('an index that cannot apply a logged change is dropped, and the next read loads it again', async () => {
    await store.commit('p', [request('a')])
    const old = await follower.fresh()
    await store.commit('p', [request('b')])
    const changesSince = store.changesSince.bind(store)
    store.changesSince = async (...args) =>
      (await changesSince(...args)).map((change) => ({ ...change, after: null as unknown as undefined }))
    await expect(follower.fresh()).rejects.toThrow()
    store.changesSince = changesSince
    const anew = await follower.fresh()
    expect(anew).not.toBe(old)
    expect(anew.of('images').size).toBe(2)
  })
})

describe('drop', () => {
  it('drop makes the next read load the index', async () => {
    store.writeElsewhere('p', request('a'))
    const before = await follower.fresh()
    follower.drop()
    expect(count('scan')).toBe(1)
    const after = await follower.fresh()
    expect(after).not.toBe(before)
    expect([imagesOf(after), count('scan')]).toEqual([['a'], 2])
  })

  it('drop before any read has no effect', async () => {
    store.writeElsewhere('p', request('a'))
    follower.drop()
    await follower.fresh()
    expect(count('scan')).toBe(1)
  })

  it('drop during a revision check makes that read load the index', async () => {
    store.writeElsewhere('p', request('a'))
    await follower.fresh()
    const release = store.hold('getRevision')
    const read = follower.fresh()
    await settle()
    follower.drop()
    release()
    await read
    expect(count('scan')).toBe(2)
  })

  it('drop during a catch-up is not undone by that read', async () => {
    const before = await follower.fresh()
    store.writeElsewhere('p', request('a'))
    const release = store.hold('changesSince')
    const read = follower.fresh()
    await settle()
    follower.drop()
    release()
    await read
    expect(await follower.fresh()).not.toBe(before)
  })
})
