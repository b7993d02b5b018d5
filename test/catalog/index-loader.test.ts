import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { IndexLoader, type LoaderOptions, refreshSnapshot } from '../../src/catalog/index-loader.ts'
import { ProjectIndex } from '../../src/catalog/project-index.ts'
import { SmallIndexes } from '../../src/catalog/type-index.ts'
import type { IndexState } from '../../src/search-index/index-state.ts'
import { TagIndex } from '../../src/search-index/tag-index.ts'
import { snapshotFiles } from '../../src/store/snapshots/snapshot-files.ts'
import type { SnapshotStore } from '../../src/store/snapshots/snapshot-store.ts'
import { StoreUnavailable } from '../../src/store/store.ts'
import { FakeStore, register, request } from './fake-store.ts'

const TAG = { key: 'env', value: 'prod' }

let folder: string
let store: FakeStore
let snapshots: SnapshotStore
let snapshotErrors: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-loader-'))
  store = new FakeStore()
  snapshots = snapshotFiles(folder, () => 0)
  snapshotErrors = []
  for (let i = 0; i < 20; i++) write(`image-${i}`)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function write(id: string, tags = [TAG]): void {
  store.writeElsewhere('p', request(id, register({ tags })))
}

function optionsWith(more: Partial<LoaderOptions> = {}) {
  const onSnapshotError = (project: string, error: unknown) =>
    snapshotErrors.push(`${project}: ${(error as Error).message}`)
  return { store, snapshots, seed: 7, onSnapshotError, ...more }
}

const load = (more?: Partial<LoaderOptions>) => new IndexLoader(optionsWith(more)).load('p', 1)
const refresh = (project = 'p') => refreshSnapshot({ ...optionsWith(), snapshots }, project)

function contentOf(index: ProjectIndex) {
  const images = index.of('images')
  return {
    revision: index.revision,
    images: Array.from(images.find({}, 0, 1000).slots, (slot) => images.at(slot)),
    tagged: images.count({ tags: [{ key: 'env', values: ['prod'] }] }),
    keys: images.tagsInUse.page(0, 100),
  }
}

/** The content of an index that was scanned from the store. */
const truth = async () => contentOf(await ProjectIndex.scan(store, 'p', { seed: 0 }))

/** The files of snapshots that are not kept. */
const savedFiles = async () => (await readdir(folder)).filter((name) => name.endsWith('.snapshot'))

const scans = () => store.callsOf('scan').length

describe('loading', () => {
  it('an index without a snapshot is scanned from the store', async () => {
    expect(contentOf(await load())).toEqual(await truth())
    expect(snapshotErrors).toEqual([])
  })

  it('an index is restored from its snapshot and the changes since then', async () => {
    await refresh()
    write('later')
    store.writeElsewhere('p', request('image-3', { kind: 'delete' }))
    write('image-4', [])
    const before = scans()
    const loaded = await load()
    expect(scans()).toBe(before)
    expect(loaded.loadedRevision).toBe(20)
    expect(contentOf(loaded)).toEqual(await truth())
  })

  it('a restored index applies changes like a scanned one', async () => {
    await refresh()
    const loaded = await load()
    for (let i = 0; i < 300; i++) write(`more-${i}`, [TAG, { key: `k${i % 7}`, value: `v${i}` }])
    await loaded.apply(store.log('p'))
    expect(contentOf(loaded)).toEqual(await truth())
  })

  it('the project is scanned when the change log does not continue at the snapshot', async () => {
    await refresh()
    write('later')
    write('later still')
    store.truncateLog('p', 21)
    // The rest of the log neither has the snapshot's revision nor continues it.
    expect(contentOf(await load())).toEqual(await truth())
    expect(scans()).toBeGreaterThan(1)
  })

  it('the project is scanned when too much has changed since the snapshot', async () => {
    await refresh()
    for (let i = 0; i < 5001; i++) write('image-0', [{ key: 'n', value: String(i) }])
    const before = scans()
    const loaded = await load()
    expect(scans()).toBe(before + 1)
    expect(loaded.loadedRevision).toBe(0)
    expect(contentOf(loaded)).toEqual(await truth())
  })

  it('a project that was never written has an empty index and gets no snapshot', async () => {
    await refresh('empty')
    expect(await savedFiles()).toEqual([])
    expect((await new IndexLoader(optionsWith()).load('empty', 0)).revision).toBe(0)
  })

  it('a load rejects while the store is unavailable, and keeps the snapshot', async () => {
    await refresh()
    store.failNext('changesSince', new StoreUnavailable('away'))
    await expect(load()).rejects.toThrow('away')
    expect(snapshotErrors).toEqual([])
    expect(await savedFiles()).toHaveLength(1)
  })
})

describe('a project with a damaged row', () => {
  it('its index has all other resources, and each load reports the row', async () => {
    store.damaged.add('image-3')
    const reported: string[] = []
    const onDamagedRow = (project: string, row: Error) => reported.push(`${project}: ${row.message}`)
    for (let i = 0; i < 2; i++) expect((await load({ onDamagedRow })).size).toBe(19)
    expect(reported).toEqual(Array(2).fill('p: the row of images image-3 is damaged: damage'))
  })

  it('no snapshot is made of its index, because a start from it would not report the row', async () => {
    store.damaged.add('image-3')
    await expect(refresh()).rejects.toThrow('no snapshot is made of a project with damaged rows')
    expect(await savedFiles()).toEqual([])
  })
})

describe('an invalid snapshot', () => {
  async function expectDiscarded(reason: string): Promise<void> {
    const before = scans()
    expect(contentOf(await load())).toEqual(await truth())
    expect(scans()).toBeGreaterThan(before + 1)
    expect(snapshotErrors).toEqual([`p: ${reason}`])
    expect(await savedFiles()).toEqual([])
  }

  /** The index is loaded, and each reason is reported; the snapshot stays. */
  async function expectIgnored(more: Partial<LoaderOptions>, reasons: readonly RegExp[]): Promise<void> {
    expect(contentOf(await load(more))).toEqual(await truth())
    expect(snapshotErrors).toEqual(reasons.map((reason) => expect.stringMatching(reason)))
    expect(await savedFiles()).toHaveLength(1)
  }

  it('a damaged snapshot that cannot be deleted is ignored', async () => {
    await refresh()
    const path = join(folder, (await savedFiles())[0] as string)
    await writeFile(path, (await readFile(path)).fill(0, 30))
    const forget = () => Promise.reject(new Error('the folder is read-only'))
    await expectIgnored({ snapshots: { ...snapshots, forget } }, [/head is damaged/, /the folder is read-only/])
  })

  it('a folder in place of a snapshot is ignored', async () => {
    await refresh()
    const path = join(folder, (await savedFiles())[0] as string)
    await rm(path)
    await mkdir(path)
    await expectIgnored({}, [/EISDIR/])
    await expect(refresh()).rejects.toThrow(/EISDIR/)
  })

  it('a snapshot that cannot be opened, as with too many open files, is ignored and kept', async () => {
    await refresh()
    const error = Object.assign(new Error('EMFILE'), { code: 'EMFILE', syscall: 'open' })
    await expectIgnored({ snapshots: { ...snapshots, open: () => Promise.reject(error) } }, [/EMFILE/])
  })

  it('a snapshot to which the changes since then cannot be applied is discarded', async () => {
    await refresh()
    write('later')
    store.failNext('changesSince', new TypeError('the change makes no sense'))
    await expectDiscarded('the change makes no sense')
  })

  it('a damaged snapshot is discarded', async () => {
    await refresh()
    const path = join(folder, (await savedFiles())[0] as string)
    const bytes = await readFile(path)
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 2000) ^ 1, bytes.length - 2000)
    await writeFile(path, bytes)
    await expectDiscarded('part 0 is damaged')
  })

  it.each([
    ['of another version', { layout: 0 }, 'the snapshot has another layout version'],
    ['of another project', { project: 'q' }, 'the snapshot is of another project'],
    [
      'without a type of which the project has resources',
      { types: ['instances'], indexes: [] },
      'the snapshot lacks a resource type of the project',
    ],
    [
      'of the old form and without the types of the project',
      { types: undefined, indexes: [] },
      'the snapshot lacks a resource type of the project',
    ],
    ['ahead of the store', { revision: 25 }, 'the snapshot was made from another store'],
  ])('a snapshot that is %s is discarded', async (_name, change, reason) => {
    await refresh()
    const snapshot = await snapshots.open('p')
    const head = { ...JSON.parse(snapshot?.head as string), ...change }
    await snapshot?.close()
    await snapshots.save('p', JSON.stringify(head), [])
    await expectDiscarded(reason)
  })

  it('a snapshot is discarded when the store has another history up to the same revision', async () => {
    await refresh()
    store = new FakeStore()
    for (let i = 0; i < 30; i++) write(`other-${i}`)
    await expectDiscarded('the snapshot was made from another store')
  })
})

describe('the resource types of a snapshot', () => {
  /** The head of the last snapshot of the project. */
  async function headOf(project: string) {
    const snapshot = await snapshots.open(project)
    await snapshot?.close()
    return JSON.parse(snapshot?.head as string) as { types?: string[]; indexes: { type: string; state: IndexState }[] }
  }

  async function expectAccepted(): Promise<ProjectIndex> {
    const before = scans()
    const loaded = await load()
    expect([loaded.loadedRevision, snapshotErrors]).toEqual([store.log('p').length, []])
    expect(store.callsOf('scan').slice(before)).toEqual([])
    expect(contentOf(loaded)).toEqual(await truth())
    return loaded
  }

  it('the head of a snapshot stands for every type, and has an index for each type that was ever written', async () => {
    await refresh()
    const { types, indexes } = await headOf('p')
    expect([types, indexes.map(({ type }) => type)]).toEqual([['*'], ['images']])
  })

  it('a snapshot holds the indexes that are packed', async () => {
    for (const type of ['ecs', 'disk', 'vpc']) {
      store.writeElsewhere('p', request(`${type}-1`, register({ tags: [TAG] }), type as 'images'))
    }
    const small = new SmallIndexes(1)
    const index = await new IndexLoader(optionsWith({ snapshots: undefined, small })).load('p', 1)
    expect(index.packedSize('ecs' as 'images')).toBe(1)
    await index.save(snapshots, store, 'p')
    const loaded = await new IndexLoader(optionsWith({ small })).load('p', 1)
    expect([loaded.loadedRevision, snapshotErrors]).toEqual([store.log('p').length, []])
    for (const type of ['ecs', 'disk', 'vpc']) {
      expect(loaded.of(type as 'images').get(`${type}-1`)?.tags).toEqual([TAG])
    }
    expect(contentOf(loaded)).toEqual(await truth())
  })

  it('a type that is first written after the snapshot gets its index then', async () => {
    await refresh()
    const loaded = await expectAccepted()
    expect(loaded.of('instances').size).toBe(0)
    store.writeElsewhere('p', request('db-1', register({ tags: [TAG] }), 'instances'))
    expect((await load()).of('instances').get('db-1')?.tags).toEqual([TAG])
  })

  it('a snapshot of both types is accepted', async () => {
    store.writeElsewhere('p', request('db-1', register({ tags: [TAG] }), 'instances'))
    await refresh()
    expect((await expectAccepted()).of('instances').get('db-1')?.tags).toEqual([TAG])
  })

  it('a head of the old form, which names no types but has an index for each, is accepted', async () => {
    await refresh()
    const { types: _types, ...head } = await headOf('p')
    const images = TagIndex.restore(head.indexes[0]?.state as IndexState)
    const snapshot = await snapshots.open('p')
    await snapshot?.read(0, images.memory)
    await snapshot?.close()
    const instances = new TagIndex({ seed: 7 })
    const indexes = [images, instances].map((index, i) => ({ type: ['images', 'instances'][i], state: index.state() }))
    await snapshots.save('p', JSON.stringify({ ...head, indexes }), [images.memory, instances.memory])
    await expectAccepted()
  })

  it('a snapshot by a writer that did not know a type is accepted when the project has no resources of that type', async () => {
    await refresh()
    const head = await headOf('p')
    const snapshot = await snapshots.open('p')
    const images = TagIndex.restore(head.indexes[0]?.state as IndexState)
    await snapshot?.read(0, images.memory)
    await snapshot?.close()
    await snapshots.save('p', JSON.stringify({ ...head, types: ['images'] }), [images.memory])
    const loaded = await load()
    expect([loaded.loadedRevision, snapshotErrors]).toEqual([20, []])
    expect(contentOf(loaded)).toEqual(await truth())
  })
})

describe('a large project without a snapshot', () => {
  beforeEach(() => {
    const many = Array.from({ length: 1000 }, (_, i) =>
      request('image-0', register({ tags: [{ key: 'n', value: String(i) }] })),
    )
    for (let i = 0; i < 250; i++) store.writeElsewhere('p', ...many)
  })

  it('a large project is loaded from a snapshot that the snapshot thread makes', async () => {
    let made = 0
    const makeSnapshot = async (project: string) => {
      made++
      await refresh(project)
    }
    const loaded = await load({ makeSnapshot })
    expect([made, loaded.loadedRevision]).toEqual([1, store.log('p').length])
    expect(contentOf(loaded)).toEqual(await truth())
  })

  it('a large project is scanned in this thread when the snapshot thread fails or makes no snapshot', async () => {
    const makeSnapshot = () => Promise.reject(new Error('the thread ended with code 1'))
    expect(contentOf(await load({ makeSnapshot }))).toEqual(await truth())
    expect(snapshotErrors).toEqual(['p: the thread ended with code 1'])
    expect(contentOf(await load({ makeSnapshot: () => Promise.resolve() }))).toEqual(await truth())
  })

  it('a project below the size for the snapshot thread is scanned in this thread', async () => {
    store = new FakeStore()
    write('image-0')
    const makeSnapshot = () => Promise.reject(new Error('unexpected call'))
    expect(contentOf(await load({ makeSnapshot }))).toEqual(await truth())
    expect(snapshotErrors).toEqual([])
  })

  it('a large project is scanned in this thread when snapshots are disabled', async () => {
    expect(contentOf(await load({ snapshots: undefined }))).toEqual(await truth())
  })
})

describe('refreshing a snapshot', () => {
  it('a refresh starts from the last snapshot', async () => {
    await refresh()
    write('later')
    const before = scans()
    await refresh()
    expect(scans()).toBe(before)
    expect((await load()).loadedRevision).toBe(21)
  })

  it('a refresh scans the project when the index is wasteful', async () => {
    const batch = Array.from({ length: 3000 }, (_, i) => request(`gone-${i}`, register({ tags: [TAG] })))
    store.writeElsewhere('p', ...batch)
    await refresh()
    store.writeElsewhere('p', ...batch.map(({ id }) => request(id, { kind: 'delete' })))
    const before = scans()
    await refresh()
    expect(scans()).toBe(before + 1)
    const loaded = await load()
    expect(loaded.of('images').slotCount).toBe(20)
    expect(contentOf(loaded)).toEqual(await truth())
  })
})
