import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CHECKPOINTS_MAX } from '../../src/catalog/checkpoint-policy.ts'
import { keepCheckpoint } from '../../src/catalog/checkpoints.ts'
import { refreshSnapshot } from '../../src/catalog/index-loader.ts'
import { snapshotFiles } from '../../src/store/snapshots/snapshot-files.ts'
import type { SnapshotStore } from '../../src/store/snapshots/snapshot-store.ts'
import { StoreUnavailable } from '../../src/store/store.ts'
import { FakeStore, register, request } from './fake-store.ts'

const DAY_MS = 86_400_000
const NOON_MS = Date.parse('2026-11-02T12:00:00Z')

let folder: string
let store: FakeStore
let snapshots: SnapshotStore
let nowMs: number

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-checkpoints-'))
  store = new FakeStore()
  nowMs = NOON_MS
  snapshots = snapshotFiles(folder, () => nowMs)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Writes a number of changes, and makes a snapshot. */
async function snapshotAfter(changes: number): Promise<void> {
  for (let i = 0; i < changes; i++) store.writeElsewhere('p', request('a', register({ name: `${nowMs} ${i}` })))
  await refreshSnapshot({ store, snapshots, seed: 0, onSnapshotError: () => undefined }, 'p')
}

const kept = async () => (await snapshots.listKept('p')).map(({ revision }) => revision)

it('the first snapshot of a day is kept, and later ones of that day are not', async () => {
  await snapshotAfter(2)
  nowMs += 1000
  await snapshotAfter(3)
  expect(await kept()).toEqual([2])
  nowMs += DAY_MS
  await snapshotAfter(1)
  expect(await kept()).toEqual([2, 6])
})

it('a project has no more of them than the periods allow, however long it runs', async () => {
  for (let day = 0; day < 250; day++) {
    await snapshotAfter(1)
    expect((await kept()).length).toBeLessThanOrEqual(CHECKPOINTS_MAX)
    nowMs += DAY_MS
  }
  expect(await kept()).toHaveLength(CHECKPOINTS_MAX)
  expect((await readdir(folder)).filter((name) => name.endsWith('.kept'))).toHaveLength(CHECKPOINTS_MAX)
})

it('those below the horizon are deleted, because the change log does not lead on from them', async () => {
  for (let day = 0; day < 3; day++) {
    await snapshotAfter(5)
    nowMs += DAY_MS
  }
  expect(await kept()).toEqual([5, 10, 15])
  store.forgetHistory('p', 10)
  await snapshotAfter(1)
  expect(await kept()).toEqual([10, 15, 16])
})

it('those of a history that a restored backup does not have are deleted', async () => {
  await snapshotAfter(5)
  nowMs += DAY_MS
  await snapshotAfter(5)
  const before = store.log('p').slice(0, 5)
  store = new FakeStore()
  for (const { after } of before) store.writeElsewhere('p', request('a', register(after)))
  nowMs += DAY_MS
  for (let i = 0; i < 8; i++) store.writeElsewhere('p', request(`b-${i}`, register()))
  await snapshotAfter(1)
  expect(await kept()).toEqual([5, 14])
})

it('damaged ones are deleted', async () => {
  await snapshotAfter(5)
  nowMs += DAY_MS
  const [name] = (await readdir(folder)).filter((each) => each.endsWith('.kept'))
  const path = join(folder, name as string)
  const bytes = await readFile(path)
  await rm(path)
  await writeFile(path, bytes.fill(0, 30, 60))
  await snapshotAfter(5)
  expect(await kept()).toEqual([10])
})

it('neither an unavailable store nor an error of the system is evidence against them', async () => {
  await snapshotAfter(5)
  store.failNext('changesSince', new StoreUnavailable('away'))
  await expect(keepCheckpoint({ store, snapshots }, 'p', 5)).rejects.toThrow('away')
  const error = Object.assign(new Error('EMFILE'), { code: 'EMFILE', syscall: 'open' })
  const failing = { ...snapshots, openKept: () => Promise.reject(error) }
  await expect(keepCheckpoint({ store, snapshots: failing }, 'p', 5)).rejects.toThrow('EMFILE')
  expect(await kept()).toEqual([5])
})

it('a file under the revision of another snapshot is deleted', async () => {
  await snapshotAfter(5)
  await snapshots.keep('p', 4)
  expect(await kept()).toEqual([4, 5])
  await keepCheckpoint({ store, snapshots }, 'p', 5)
  expect(await kept()).toEqual([5])
})
