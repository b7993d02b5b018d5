import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HorizonMoved } from '../../src/catalog/horizon-base.ts'
import { type LoaderOptions, refreshSnapshot } from '../../src/catalog/index-loader.ts'
import { PastLoader } from '../../src/catalog/past-loader.ts'
import type { ProjectIndex } from '../../src/catalog/project-index.ts'
import { snapshotFiles } from '../../src/store/snapshots/snapshot-files.ts'
import type { SnapshotStore } from '../../src/store/snapshots/snapshot-store.ts'
import { StoreUnavailable } from '../../src/store/store.ts'
import { FakeStore, register, request, settle } from './fake-store.ts'

const DAY_MS = 86_400_000

let folder: string
let store: FakeStore
let snapshots: SnapshotStore
let nowMs: number
let errors: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-past-'))
  store = new FakeStore()
  nowMs = DAY_MS
  snapshots = snapshotFiles(folder, () => nowMs)
  errors = []
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function optionsWith(more: Partial<LoaderOptions> = {}): LoaderOptions {
  const onSnapshotError = (project: string, error: unknown) => errors.push(`${project}: ${(error as Error).message}`)
  return { store, snapshots, seed: 7, onSnapshotError, ...more }
}

const loader = (more?: Partial<LoaderOptions>) => new PastLoader(optionsWith(more))

/** Writes resources `from` to `to`, one change each, so that revision n has n resources. */
function write(from: number, to: number, project = 'p'): void {
  for (let i = from; i <= to; i++) store.writeElsewhere(project, request(`id-${i}`, register({ name: `${i}` })))
}

const refresh = async () => {
  await refreshSnapshot({ ...optionsWith(), snapshots }, 'p')
  nowMs += DAY_MS
}

const idsOf = (index: ProjectIndex) => {
  const images = index.of('images')
  return Array.from(images.find({}, 0, 1000).slots, (slot) => images.at(slot).id)
}
const ids = (count: number) => Array.from({ length: count }, (_, i) => `id-${i + 1}`)
/** Revisions above which changes were read. */
const readsFrom = () => store.callsOf('changesSince').map(([, , revision]) => revision)
const codeOf = (loading: Promise<unknown>) =>
  loading.then(
    () => 'loaded',
    (error: { code?: string }) => error.code,
  )

describe('where a load starts', () => {
  it('without snapshots it reads all changes up to the revision, and none beyond', async () => {
    write(1, 1200)
    const index = await loader().load('p', 1100)
    expect([index.revision, idsOf(index).length, index.size]).toEqual([1100, 1000, 1100])
    expect(store.callsOf('changesSince').map(([, , ...rest]) => rest)).toEqual([
      [0, 500, 1100],
      [500, 500, 1100],
      [1000, 500, 1100],
    ])
  })

  it('revision 0 is empty', async () => {
    write(1, 3)
    expect(idsOf(await loader().load('p', 0))).toEqual([])
  })

  it('it is the latest checkpoint at or below the revision', async () => {
    for (const end of [10, 20, 30]) {
      write(end - 9, end)
      await refresh()
    }
    await snapshots.forget('p')
    // The checkpoints are those of the last two days, and the first of the week.
    expect((await snapshots.listKept('p')).map(({ revision }) => revision)).toEqual([10, 20, 30])
    for (const [revision, start] of [
      [9, 0],
      [10, 10],
      [25, 20],
      [30, 30],
    ] as const) {
      const index = await loader().load('p', revision)
      expect([idsOf(index), index.loadedRevision]).toEqual([ids(revision), start])
    }
    expect(errors).toEqual([])
  })

  it('it is the last snapshot if that is not above the revision', async () => {
    write(1, 10)
    await refresh()
    nowMs -= DAY_MS
    write(11, 20)
    await refresh()
    write(21, 30)
    expect((await snapshots.listKept('p')).map(({ revision }) => revision)).toEqual([10])
    const index = await loader().load('p', 25)
    expect([idsOf(index), index.loadedRevision]).toEqual([ids(25), 20])
  })

  it('a damaged checkpoint is deleted, and the one before it is used', async () => {
    for (const end of [10, 20]) {
      write(end - 9, end)
      await refresh()
    }
    await snapshots.forget('p')
    const damaged = (await readdir(folder)).find((name) => name.includes('-20-')) as string
    await truncate(join(folder, damaged), 100)
    const index = await loader().load('p', 20)
    expect([idsOf(index), index.loadedRevision]).toEqual([ids(20), 10])
    expect(errors).toEqual([expect.stringMatching(/^p: /)])
    expect((await snapshots.listKept('p')).map(({ revision }) => revision)).toEqual([10])
  })

  it('a checkpoint of another history is deleted, as after the restore of a backup', async () => {
    write(1, 10)
    await refresh()
    store = new FakeStore()
    for (let i = 1; i <= 12; i++) store.writeElsewhere('p', request(`other-${i}`))
    const index = await loader().load('p', 11)
    expect(idsOf(index)).toEqual(Array.from({ length: 11 }, (_, i) => `other-${i + 1}`))
    // The last snapshot and the checkpoint.
    expect(errors).toEqual(Array(2).fill('p: the snapshot was made from another store'))
    expect(await readdir(folder)).toEqual([])
  })

  it('a folder that cannot be listed, or read, only costs time', async () => {
    write(1, 10)
    await refresh()
    const error = Object.assign(new Error('EMFILE'), { code: 'EMFILE', syscall: 'open' })
    const failing = { ...snapshots, open: () => Promise.reject(error), listKept: () => Promise.reject(error) }
    expect(idsOf(await loader({ snapshots: failing }).load('p', 10))).toEqual(ids(10))
    expect(errors).toEqual(['p: EMFILE', 'p: EMFILE'])
    expect((await snapshots.listKept('p')).length).toBe(1)
  })

  it('an unavailable store is an error, and no evidence against a checkpoint', async () => {
    write(1, 10)
    await refresh()
    store.failNext('changesSince', new StoreUnavailable('away'))
    await expect(loader().load('p', 10)).rejects.toThrow('away')
    expect(errors).toEqual([])
    expect((await snapshots.listKept('p')).length).toBe(1)
  })
})

describe('above a horizon', () => {
  /** Deletes and makes again, so that the order of the last changes is not that of creation. */
  function writeLives(): void {
    write(1, 5)
    store.writeElsewhere('p', request('id-2', { kind: 'delete' }))
    store.writeElsewhere('p', request('id-1', register({ name: 'changed' })))
    store.writeElsewhere('p', request('id-2', register({ name: 'again' })))
    store.writeElsewhere('p', request('id-4', { kind: 'delete' }))
    write(6, 8)
  }

  it('a load starts from the state at the horizon, in order of creation', async () => {
    writeLives()
    store.forgetHistory('p', 9)
    const index = await loader().load('p', 9)
    expect([index.revision, idsOf(index)]).toEqual([9, ['id-1', 'id-3', 'id-5', 'id-2']])
    expect(index.of('images').get('id-1')?.name).toBe('changed')
    expect(idsOf(await loader().load('p', 11))).toEqual(['id-1', 'id-3', 'id-5', 'id-2', 'id-6', 'id-7'])
  })

  it('the state at the horizon is read in batches', async () => {
    write(1, 1300)
    store.forgetHistory('p', 1200)
    const index = await loader().load('p', 1250)
    expect([index.size, index.revision, idsOf(index)[999]]).toEqual([1250, 1250, 'id-1000'])
  })

  it('a checkpoint below the horizon is not used, because the changes since then are not all there', async () => {
    write(1, 10)
    await refresh()
    for (let i = 0; i < 5; i++) store.writeElsewhere('p', request('id-1', register({ name: `${i}` })))
    store.writeElsewhere('p', request('id-3', { kind: 'delete' }))
    store.forgetHistory('p', 16)
    const index = await loader().load('p', 16)
    expect([index.loadedRevision, idsOf(index)]).toEqual([0, ids(10).filter((id) => id !== 'id-3')])
    expect(errors).toEqual([])
  })

  it('a checkpoint at the horizon is used, also when the change that proves it was a deletion and is gone', async () => {
    write(1, 10)
    await refresh()
    store.writeElsewhere('p', request('id-3', { kind: 'delete' }))
    await refresh()
    write(11, 12)
    store.forgetHistory('p', 10)
    expect((await loader().load('p', 10)).loadedRevision).toBe(10)
    store.forgetHistory('p', 11)
    const index = await loader().load('p', 12)
    expect(idsOf(index)).toEqual([...ids(10).filter((id) => id !== 'id-3'), 'id-11'])
    expect(errors).toEqual([])
  })

  /** Resources, of which the first are changed or deleted by revision 121, and more resources. */
  function writeReplaced(): void {
    write(1, 100)
    for (let i = 0; i < 20; i++) store.writeElsewhere('p', request(`id-${40 + i}`, register({ name: `new ${i}` })))
    store.writeElsewhere('p', request('id-90', { kind: 'delete' }))
    write(101, 800)
  }

  it('a horizon that moves above the start of a load makes it start again', async () => {
    writeReplaced()
    store.forgetHistory('p', 10)
    const release = store.hold('changesSince')
    const loading = loader({ snapshots: undefined }).load('p', 650)
    await settle()
    // The first read has its answer; the next one finds that its changes are gone.
    store.forgetHistory('p', 640)
    const before = store.callsOf('changesSince').length
    release()
    expect(idsOf(await loading)).toEqual(ids(629).filter((id) => id !== 'id-90'))
    expect(readsFrom().slice(before)).toContain(0)
  })

  it('a revision below the horizon is refused, also when the horizon moves during the load', async () => {
    writeReplaced()
    store.forgetHistory('p', 10)
    await expect(loader().load('p', 9)).rejects.toThrow(HorizonMoved)
    const release = store.hold('changesSince')
    const loading = loader().load('p', 650)
    await settle()
    store.forgetHistory('p', 660)
    release()
    await expect(loading).rejects.toThrow(HorizonMoved)
  })
})

describe('loads of one project', () => {
  it('calls for one revision share a load', async () => {
    write(1, 10)
    const past = loader()
    const [one, two] = await Promise.all([past.load('p', 5), past.load('p', 5)])
    expect([one === two, past.loads]).toEqual([true, 1])
  })

  it('one is in progress, one waits, which others share, and a third is refused', async () => {
    write(1, 10)
    const past = loader()
    const release = store.hold('changesSince')
    const first = past.load('p', 5)
    await settle()
    const second = past.load('p', 6)
    const shared = past.load('p', 6)
    expect(await codeOf(past.load('p', 7))).toBe('overloaded')
    expect(past.loads).toBe(1)
    release()
    expect((await first).revision).toBe(5)
    expect(await shared).toBe(await second)
    expect((await past.load('p', 7)).revision).toBe(7)
  })

  it('a load that waits begins when the one before fails', async () => {
    write(1, 10)
    const past = loader()
    const release = store.hold('changesSince')
    store.failNext('changesSince', new StoreUnavailable('away'))
    const first = past.load('p', 5)
    await settle()
    const second = past.load('p', 6)
    release()
    await expect(first).rejects.toThrow('away')
    expect((await second).revision).toBe(6)
  })

  it('other projects do not wait, up to two at a time', async () => {
    for (const project of ['p', 'q', 'r']) write(1, 10, project)
    const past = loader()
    const release = store.hold('changesSince', 'p')
    const waiting = past.load('p', 5)
    expect((await past.load('q', 5)).revision).toBe(5)
    expect((await past.load('r', 5)).revision).toBe(5)
    release()
    expect((await waiting).revision).toBe(5)
    expect(readsFrom().length).toBe(3)
  })
})
