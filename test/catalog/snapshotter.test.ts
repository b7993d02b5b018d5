import { beforeEach, describe, expect, it } from 'vitest'
import { IndexFollower } from '../../src/catalog/index-follower.ts'
import { IndexLoader, type LoaderOptions, SNAPSHOT_SIZE_MIN } from '../../src/catalog/index-loader.ts'
import type { ProjectIndex } from '../../src/catalog/project-index.ts'
import { coalesceSnapshots, Snapshotter } from '../../src/catalog/snapshotter.ts'
import type { SnapshotStore } from '../../src/store/snapshots/snapshot-store.ts'
import { FakeStore, register, request } from './fake-store.ts'

let store: FakeStore
let saved: string[]
let kept: string[]
let ordered: string[]
let snapshotErrors: string[]
let followers: Map<string, IndexFollower>
let order: (project: string) => Promise<void>

/** Records which projects are saved. */
const snapshots: SnapshotStore = {
  open: async () => undefined,
  save: async (project, head) => {
    saved.push(`${project} at ${JSON.parse(head).revision}`)
  },
  list: async () => ['p', 'q'],
  forget: async () => undefined,
  keep: async (project, revision) => {
    kept.push(`${project} at ${revision}`)
  },
  listKept: async () => [],
  openKept: async () => undefined,
  forgetKept: async () => undefined,
}

beforeEach(() => {
  store = new FakeStore()
  saved = []
  kept = []
  ordered = []
  snapshotErrors = []
  followers = new Map()
  order = async (project) => {
    ordered.push(project)
  }
})

function options(more: Partial<LoaderOptions> = {}): LoaderOptions {
  const onSnapshotError = (project: string, error: unknown) =>
    snapshotErrors.push(`${project}: ${(error as Error).message}`)
  return { store, snapshots, seed: 0, onSnapshotError, makeSnapshot: (project) => order(project), ...more }
}

/** Makes a project with this many resources, and loads its index. */
async function follow(project: string, size: number): Promise<IndexFollower> {
  const onSnapshotError = () => undefined
  store.writeElsewhere(project, ...Array.from({ length: size }, (_, i) => request(`id-${i}`)))
  const follower = new IndexFollower(store, new IndexLoader({ store, seed: 0, onSnapshotError }), project)
  followers.set(project, follower)
  await follower.fresh()
  return follower
}

/** Makes a project with a due snapshot. */
async function followDue(project: string): Promise<void> {
  await follow(project, SNAPSHOT_SIZE_MIN)
  await change(project, 20_000 - SNAPSHOT_SIZE_MIN)
}

/** Changes one resource of a project many times, and applies the changes to the index. */
async function change(project: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) store.writeElsewhere(project, request('id-0', register({ name: `name ${i}` })))
  await followers.get(project)?.fresh()
}

describe('saveAll', () => {
  it('saveAll saves the large indexes in the cache in their current state', async () => {
    await follow('large', SNAPSHOT_SIZE_MIN)
    await follow('small', SNAPSHOT_SIZE_MIN - 1)
    followers.set('never asked', new IndexFollower(store, new IndexLoader(options()), 'never asked'))
    await new Snapshotter(followers, options()).saveAll()
    expect(saved).toEqual([`large at ${SNAPSHOT_SIZE_MIN}`])
    expect(kept).toEqual(saved)
  })

  it('saveAll does nothing when snapshots are disabled', async () => {
    await follow('large', SNAPSHOT_SIZE_MIN)
    await new Snapshotter(followers, options({ snapshots: undefined })).saveAll()
    expect(saved).toEqual([])
  })

  it('saveAll continues after an index that cannot be saved', async () => {
    await follow('first', SNAPSHOT_SIZE_MIN)
    await follow('second', SNAPSHOT_SIZE_MIN)
    const failing: SnapshotStore = {
      ...snapshots,
      save: (project, head, parts) =>
        project === 'first' ? Promise.reject(new Error('the disk is full')) : snapshots.save(project, head, parts),
    }
    await new Snapshotter(followers, options({ snapshots: failing })).saveAll()
    expect(saved).toEqual([`second at ${SNAPSHOT_SIZE_MIN}`])
    expect(snapshotErrors).toEqual(['first: the disk is full'])
  })

  it('saveAll skips an index that has not changed since the snapshot thread saved it', async () => {
    await followDue('p')
    const snapshotter = new Snapshotter(followers, options())
    await snapshotter.makeDue()
    await snapshotter.saveAll()
    expect([ordered, saved]).toEqual([['p'], []])
    await change('p', 1)
    await snapshotter.saveAll()
    expect(saved).toEqual(['p at 20001'])
  })
})

describe('makeDue', () => {
  it('no snapshot is made of a small index, nor after few changes', async () => {
    await follow('small', SNAPSHOT_SIZE_MIN - 1)
    await follow('large', SNAPSHOT_SIZE_MIN)
    await change('large', 19_999 - SNAPSHOT_SIZE_MIN)
    const snapshotter = new Snapshotter(followers, options())
    await snapshotter.makeDue()
    expect(ordered).toEqual([])
    await change('large', 1)
    await snapshotter.makeDue()
    await snapshotter.makeDue()
    expect(ordered).toEqual(['large'])
  })

  it('a failed snapshot is reported and retried', async () => {
    await followDue('p')
    const snapshotter = new Snapshotter(followers, options())
    order = () => Promise.reject(new Error('the thread ended with code 1'))
    await snapshotter.makeDue()
    expect(snapshotErrors).toEqual(['p: the thread ended with code 1'])
    order = async (project) => {
      ordered.push(project)
    }
    await snapshotter.makeDue()
    expect(ordered).toEqual(['p'])
  })

  it('makeDue makes one snapshot at a time, and concurrent calls share a run', async () => {
    await followDue('p')
    await followDue('q')
    const { promise, resolve } = Promise.withResolvers<void>()
    order = (project) => {
      ordered.push(project)
      return promise
    }
    const snapshotter = new Snapshotter(followers, options())
    const both = [snapshotter.makeDue(), snapshotter.makeDue()]
    await Promise.resolve()
    expect(ordered).toEqual(['p'])
    resolve()
    await Promise.all(both)
    expect(ordered).toEqual(['p', 'q'])
  })

  it('makeDue does nothing without a snapshot thread', async () => {
    await followDue('p')
    await new Snapshotter(followers, options({ makeSnapshot: undefined })).makeDue()
    expect([ordered, saved]).toEqual([[], []])
  })
})

describe('an evicted index', () => {
  /** Loads a project, and evicts its index. */
  async function drop(project: string, snapshotter: Snapshotter): Promise<void> {
    const index = followers.get(project)?.index as ProjectIndex
    followers.delete(project)
    snapshotter.evicted(project, index)
    await snapshotter.makeDue()
  }

  it('the due snapshot of an evicted index is made by the snapshot thread', async () => {
    await followDue('p')
    const snapshotter = new Snapshotter(followers, options())
    await drop('p', snapshotter)
    await snapshotter.makeDue()
    expect([ordered, saved]).toEqual([['p'], []])
  })

  it('an evicted index without a due snapshot gets none', async () => {
    await follow('p', SNAPSHOT_SIZE_MIN)
    await drop('p', new Snapshotter(followers, options()))
    expect(ordered).toEqual([])
  })

  it('an evicted index gets no snapshot without a snapshot thread', async () => {
    await followDue('p')
    await drop('p', new Snapshotter(followers, options({ makeSnapshot: undefined })))
    expect([ordered, saved]).toEqual([[], []])
  })

  it('an index evicted during a run gets its snapshot in that run, and a failure is reported', async () => {
    await followDue('p')
    await followDue('q')
    const { promise, resolve } = Promise.withResolvers<void>()
    order = (project) => {
      ordered.push(project)
      return project === 'p' ? promise : Promise.reject(new Error('no thread'))
    }
    const snapshotter = new Snapshotter(followers, options())
    const made = drop('p', snapshotter)
    const next = drop('q', snapshotter)
    expect(ordered).toEqual(['p'])
    resolve()
    await Promise.all([made, next])
    expect([ordered, snapshotErrors]).toEqual([['p', 'q'], ['q: no thread']])
  })
})

describe('coalesceSnapshots', () => {
  it('concurrent calls for one project share a snapshot, and a later call makes a new one', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const make = coalesceSnapshots(async (project) => {
      ordered.push(project)
      await promise
    }) as (project: string) => Promise<void>
    const all = [make('p'), make('p'), make('q')]
    expect(ordered).toEqual(['p', 'q'])
    resolve()
    await Promise.all(all)
    await make('p')
    expect(ordered).toEqual(['p', 'q', 'p'])
    expect(coalesceSnapshots(undefined)).toBe(undefined)
  })
})
