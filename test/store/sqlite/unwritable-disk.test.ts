import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SqliteConnection } from '../../../src/store/sqlite/connection.ts'
import { foundStore } from '../../../src/store/sqlite/found-store.ts'
import { openSqliteReadOnly } from '../../../src/store/sqlite/read-only-store.ts'
import { openSqlitePrimary, openSqliteStore, openSqliteWorker } from '../../../src/store/sqlite/sqlite-store.ts'
import { SqliteWriter } from '../../../src/store/sqlite/writer.ts'
import { packRequests, type WriteCall } from '../../../src/store/sqlite/writer-messages.ts'
import { type Store, StoreUnavailable } from '../../../src/store/store.ts'
import { contentsOf, register } from '../../conformance/requests.ts'

// What stands in place of the index of the write-ahead log has the effect of a disk that cannot be written to: a folder
// that of a read-only one after a crash, a link to nowhere that of a full one after an orderly stop.

const OBSTACLES: readonly (readonly [name: string, make: (path: string) => Promise<unknown>, message: RegExp])[] = [
  ['is read-only', (path) => mkdir(path), /attempt to write a readonly database/],
  ['is full', (path) => symlink('/none/none', path), /unable to open database file/],
]

let folder: string
let warnings: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-unwritable-'))
  warnings = []
})

afterEach(() => rm(folder, { recursive: true, force: true }))

const file = () => join(folder, 'tagwerk.sqlite')
const obstacle = () => join(folder, 'tagwerk.sqlite-shm')
const fail = (error: Error) => {
  throw error
}
const options = { onWarning: (warning: string) => warnings.push(warning) }
const open = (): Promise<Store> => openSqliteStore(folder, fail, options)

async function idsOf(store: Store): Promise<string[]> {
  return (await contentsOf(store, 'p')).resources.map(({ id }) => id)
}

/** Makes a store with one resource. */
async function filled(): Promise<void> {
  const store = await open()
  await store.commit('p', [register('i1')])
  await store.close()
}

/** Writes until that works again. */
async function commitWhenPossible(store: Store, id: string): Promise<void> {
  const attempt = () =>
    store.commit('p', [register(id)]).then(
      () => true,
      () => false,
    )
  await expect.poll(attempt).toBe(true)
}

describe.each(OBSTACLES)('a start on a disk that %s', (_name, makeObstacle, message) => {
  beforeEach(async () => {
    await filled()
    await makeObstacle(obstacle())
  })

  it('the store answers reads, and writes fail until the disk can be written to', async () => {
    const store = await open()
    expect(warnings).toEqual([
      expect.stringMatching(/^the data folder \S+ cannot be written to .*: reads are answered/),
    ])
    expect(warnings[0]).toMatch(message)
    expect(await idsOf(store)).toEqual(['i1'])
    expect(await store.getRevision('p')).toBe(1)
    const refused = store.commit('p', [register('i2')])
    await expect(refused).rejects.toThrow(StoreUnavailable)
    await expect(refused).rejects.toMatchObject({ failure: expect.stringMatching(/^(disk|read-only)$/) })
    await rm(obstacle(), { recursive: true })
    await commitWhenPossible(store, 'i3')
    expect(await store.getRevision('p')).toBe(2)
    expect(await idsOf(store)).toEqual(['i1', 'i3'])
    expect(warnings.slice(1)).toEqual([expect.stringMatching(/can be written to again$/)])
    await store.close()
    const again = await open()
    expect(await idsOf(again)).toEqual(['i1', 'i3'])
    await again.close()
  })

  it('the store is closed without having been writable', async () => {
    const store = await open()
    await store.close()
    await expect(store.commit('p', [register('i2')])).rejects.toThrow('the store is closed')
    await rm(obstacle(), { recursive: true })
    const again = await open()
    expect(await idsOf(again)).toEqual(['i1'])
    await again.close()
  })
})

describe('a disk that cannot be written to', () => {
  it('a worker process answers reads too, and sees the writes that come later', async () => {
    await filled()
    await symlink('/none/none', obstacle())
    const primary = await openSqlitePrimary(folder, fail, options)
    const worker = openSqliteWorker(folder, primary.send)
    expect(await idsOf(worker)).toEqual(['i1'])
    await rm(obstacle(), { recursive: true })
    await commitWhenPossible(primary.store, 'i2')
    expect(await worker.getRevision('p')).toBe(2)
    expect(await idsOf(worker)).toEqual(['i1', 'i2'])
    await worker.close()
    await primary.store.close()
  })

  it('a scan that began before the first write fails instead of mixing two moments', async () => {
    const store = await open()
    await store.commit(
      'p',
      Array.from({ length: 1000 }, (_, i) => register(`i${i}`)),
    )
    await store.close()
    await symlink('/none/none', obstacle())
    const reader = await openSqliteReadOnly(folder)
    const { batches } = await reader.scan('p', ['images'])
    await rm(obstacle(), { recursive: true })
    const writer = await open()
    await writer.commit('p', [register('late')])
    const read = async () => {
      let resources = 0
      for await (const batch of batches) resources += batch.length
      return resources
    }
    await expect(read()).rejects.toThrow('is written again: repeat the read')
    expect(await reader.getRevision('p')).toBe(1001)
    await reader.close()
    await writer.close()
  })

  it('a start is refused when a store has to be founded', async () => {
    await mkdir(join(folder, 'tagwerk.sqlite.new-shm'), { recursive: true })
    await writeFile(join(folder, 'tagwerk.sqlite.new-shm', 'x'), '')
    await expect(open()).rejects.toThrow()
  })

  it('a start is refused while another process uses the folder, also if it cannot be written to', async () => {
    const store = await open()
    await expect(open()).rejects.toThrow('is in use by another Tagwerk process')
    await store.close()
  })
})

describe('a failed sync', () => {
  const IOERR_FSYNC = 1034
  const commit = (id: number): WriteCall => ({
    id,
    commit: { project: 'p', requests: packRequests([register(`i${id}`)]) },
  })

  /** A connection whose commits, or checkpoints, fail with an error of the disk on demand. */
  class FailingConnection extends SqliteConnection {
    static failing: 'commit' | 'checkpoint' | undefined
    static log: string[] = []
    readonly #number: number

    constructor(path: string) {
      super(path, { readOnly: false })
      this.#number = FailingConnection.log.filter((entry) => entry.startsWith('open')).length + 1
      this.#note('open')
    }

    #note(what: string): void {
      FailingConnection.log.push(`${what} ${this.#number}`)
    }

    override exec(sql: string): void {
      if (sql === 'COMMIT') {
        this.#note('commit')
        if (FailingConnection.failing === 'commit') throw diskError()
      }
      super.exec(sql)
    }

    override checkpoint(): boolean {
      this.#note('checkpoint')
      if (FailingConnection.failing === 'checkpoint') throw diskError()
      return super.checkpoint()
    }

    override close(): void {
      this.#note('close')
      super.close()
    }
  }

  const diskError = () => Object.assign(new Error('disk I/O error'), { errcode: IOERR_FSYNC })

  async function openWriter(): Promise<SqliteWriter> {
    await foundStore(folder)
    FailingConnection.log = []
    FailingConnection.failing = undefined
    const writer = new SqliteWriter(file(), () => new FailingConnection(file()))
    await writer.migrate()
    return writer
  }

  it('after a failed commit every call of it fails, and the connection is replaced and synced before the next', async () => {
    const writer = await openWriter()
    FailingConnection.failing = 'commit'
    const replies = await writer.execute([commit(1), commit(2)])
    expect(replies).toMatchObject([{ error: { failure: 'disk' } }, { error: { failure: 'disk' } }])
    FailingConnection.failing = undefined
    expect(await writer.execute([commit(3)])).toMatchObject([{ id: 3, verdicts: expect.anything() }])
    expect(FailingConnection.log).toEqual(['open 1', 'commit 1', 'open 2', 'checkpoint 2', 'close 1', 'commit 2'])
    expect(writer.identity.commits).toBe(1)
    writer.close()
  })

  it('nothing is acknowledged while the sync over a new connection fails', async () => {
    const writer = await openWriter()
    await writer.execute([commit(1)])
    FailingConnection.failing = 'checkpoint'
    expect(() => writer.checkpoint()).toThrow('disk I/O error')
    for (const id of [2, 3]) expect(await writer.execute([commit(id)])).toMatchObject([{ error: { failure: 'disk' } }])
    FailingConnection.failing = undefined
    expect(await writer.execute([commit(4)])).toMatchObject([{ id: 4, verdicts: expect.anything() }])
    expect(writer.identity.commits).toBe(2)
    writer.close()
  })
})
