import { beforeEach, describe, expect, it } from 'vitest'
import { IndexFollower } from '../../src/catalog/index-follower.ts'
import { IndexLoader, type LoaderOptions, SNAPSHOT_SIZE_MIN } from '../../src/catalog/index-loader.ts'
import type { ProjectIndex } from '../../src/catalog/project-index.ts'
import { coalesceSnapshots, Snapshotter } from '../../src/catalog/snapshotter.ts'
import type { SnapshotStore } from '../../src/store/snapshots/snapshot-store.ts'
import { FakeStore, register, request } from './fake-store.ts'

let store: FakeStore
let saved: string[]
let ordered: string[]
let troubles: string[]
let followers: Map<string, IndexFollower>
let order: (project: string) => Promise<void>

/** Takes note of what is saved, and keeps nothing. */
const snapshots: SnapshotStore = {
  open: async () => undefined,
  save: async (project, head) => {
    saved.push(`${project} at ${JSON.parse(head).revision}`)
  },
  list: async () => ['p', 'q'],
  forget: async () => undefined,
}

beforeEach(() => {
  store = new FakeStore()
  saved = []
  ordered = []
  troubles = []
  followers = new Map()
  order = async (project) => {
    ordered.push(project)
  }
})

function options(more: Partial<LoaderOptions> = {}): LoaderOptions {
  const onSnapshotError = (project: string, error: unknown) => troubles.push(`${project}: ${(error as Error).message}`)
  return { store, snapshots, seed: 0, onSnapshotError, makeSnapshot: (project) => order(project), ...more }
}

/** A project with so many resources, whose index is loaded. */
async function follow(project: string, size: number): Promise<IndexFollower> {
  const onSnapshotError = () => undefined
  store.writeElsewhere(project, ...Array.from({ length: size }, (_, i) => request(`id-${i}`)))
  const follower = new IndexFollower(store, new IndexLoader({ store, seed: 0, onSnapshotError }), project)
  followers.set(project, follower)
  await follower.fresh()
  return follower
}

/** A project of which a snapshot is due. */
async function followDue(project: string): Promise<void> {
  await follow(project, SNAPSHOT_SIZE_MIN)
  await change(project, 20_000 - SNAPSHOT_SIZE_MIN)
}

/** Changes one resource of a project again and again, and lets the index take it in. */
async function change(project: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) store.writeElsewhere(project, request('id-0', register({ name: `name ${i}` })))
  await followers.get(project)?.fresh()
}

describe('saving all', () => {
  it('saves what is large and loaded, as it is', async () => {
    await follow('large', SNAPSHOT_SIZE_MIN)
    await follow('small', SNAPSHOT_SIZE_MIN - 1)
    followers.set('never asked', new IndexFollower(store, new IndexLoader(options()), 'never asked'))
    await new Snapshotter(followers, options()).saveAll()
    expect(saved).toEqual([`large at ${SNAPSHOT_SIZE_MIN}`])
  })

  it('saves nothing where no snapshots are kept', async () => {
    await follow('large', SNAPSHOT_SIZE_MIN)
    await new Snapshotter(followers, options({ snapshots: undefined })).saveAll()
    expect(saved).toEqual([])
  })

  it('goes on with the others when one cannot be saved', async () => {
    await follow('first', SNAPSHOT_SIZE_MIN)
    await follow('second', SNAPSHOT_SIZE_MIN)
    const failing: SnapshotStore = {
      ...snapshots,
      save: (project, head, parts) =>
        project === 'first' ? Promise.reject(new Error('the disk is full')) : snapshots.save(project, head, parts),
    }
    await new Snapshotter(followers, options({ snapshots: failing })).saveAll()
    expect(saved).toEqual([`second at ${SNAPSHOT_SIZE_MIN}`])
    expect(troubles).toEqual(['first: the disk is full'])
  })

  it('passes over what has not changed since the other thread made a snapshot', async () => {
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

describe('making what is due', () => {
  it('has none made of small indexes, nor after few changes', async () => {
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

  it('tries again after a failure, and says so', async () => {
    await followDue('p')
    const snapshotter = new Snapshotter(followers, options())
    order = () => Promise.reject(new Error('the thread ended with code 1'))
    await snapshotter.makeDue()
    expect(troubles).toEqual(['p: the thread ended with code 1'])
    order = async (project) => {
      ordered.push(project)
    }
    await snapshotter.makeDue()
    expect(ordered).toEqual(['p'])
  })

  it('makes one at a time, and once for all who ask meanwhile', async () => {
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

  it('does nothing without another thread', async () => {
    await followDue('p')
    await new Snapshotter(followers, options({ makeSnapshot: undefined })).makeDue()
    expect([ordered, saved]).toEqual([[], []])
  })
})

describe('an index that was dropped', () => {
  /** Loads a project, and forgets it as one is for which there is no room. */
  async function drop(project: string, snapshotter: Snapshotter): Promise<void> {
    const index = followers.get(project)?.index as ProjectIndex
    followers.delete(project)
    snapshotter.evicted(project, index)
    await snapshotter.makeDue()
  }

  it('gets the snapshot that is due, by the other thread', async () => {
    await followDue('p')
    const snapshotter = new Snapshotter(followers, options())
    await drop('p', snapshotter)
    await snapshotter.makeDue()
    expect([ordered, saved]).toEqual([['p'], []])
  })

  it('gets none when none is due', async () => {
    await follow('p', SNAPSHOT_SIZE_MIN)
    await drop('p', new Snapshotter(followers, options()))
    expect(ordered).toEqual([])
  })

  it('gets none where there is no other thread', async () => {
    await followDue('p')
    await drop('p', new Snapshotter(followers, options({ makeSnapshot: undefined })))
    expect([ordered, saved]).toEqual([[], []])
  })

  it('gets it also while another one is being made, and a failure is told', async () => {
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
    expect([ordered, troubles]).toEqual([['p', 'q'], ['q: no thread']])
  })
})

describe('sharing work', () => {
  it('lets those who want the same snapshot have one, and makes it anew for who comes later', async () => {
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
