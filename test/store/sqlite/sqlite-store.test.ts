import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SCHEMA_VERSION } from '../../../src/store/migrate.ts'
import { lockDataFolder } from '../../../src/store/sqlite/data-folder.ts'
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'
import { SqliteWriter } from '../../../src/store/sqlite/writer.ts'
import { packRequests, unpackVerdicts, type WriteCall } from '../../../src/store/sqlite/writer-messages.ts'
import type { Store, WriteRequest } from '../../../src/store/store.ts'
import { contentsOf, register } from '../../conformance/requests.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-sqlite-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

function open(path = folder): Promise<Store> {
  return openSqliteStore(path, (error) => {
    throw error
  })
}

describe('a data folder', () => {
  it('a missing data folder is created, readable by its owner only', async () => {
    const path = join(folder, 'deep', 'data')
    const store = await open(path)
    expect((await stat(path)).mode & 0o777).toBe(0o700)
    await store.close()
  })

  it('the files are readable by their owner only also in a folder that existed before', async () => {
    await chmod(folder, 0o755)
    await writeFile(join(folder, 'tagwerk.sqlite'), '', { mode: 0o644 })
    const store = await open()
    await store.commit('p', [register('i1')])
    const names = await readdir(folder)
    expect(names).toContain('tagwerk.sqlite-wal')
    for (const name of names) expect([name, (await stat(join(folder, name))).mode & 0o777]).toEqual([name, 0o600])
    await store.close()
  })

  it('a data folder is locked by one process at a time, and the error for another names its process id', async () => {
    const store = await open()
    await expect(open()).rejects.toThrow(
      `the data folder ${folder} is in use by another Tagwerk process (process ${process.pid})`,
    )
    await store.close()
    await (await open()).close()
  })

  it('a locked data folder is refused also before the other process has written its process id', () => {
    const lock = lockDataFolder(folder)
    const other = () => lockDataFolder(folder)
    return rm(join(folder, 'tagwerk.pid')).then(() => {
      expect(other).toThrow('is in use by another Tagwerk process: stop that one')
      lock.release()
      lock.release()
      lockDataFolder(folder).release()
    })
  })

  it('a file in place of the data folder is refused', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    await expect(open(file)).rejects.toThrow(/EEXIST|ENOTDIR/)
  })

  it('a lock file that is no database is refused and left unchanged', async () => {
    await writeFile(
      join(folder, 'tagwerk.lock'),
      'something else entirely, long enough to be no empty database file at all',
    )
    await expect(open()).rejects.toThrow('not a database')
    expect(await readFile(join(folder, 'tagwerk.lock'), 'utf8')).toContain('something else')
  })
})

describe('opening a store', () => {
  it('a file that is no database is refused, and the folder is unlocked', async () => {
    await writeFile(join(folder, 'tagwerk.sqlite'), 'x'.repeat(4096))
    await expect(open()).rejects.toThrow('not a database')
    await rm(join(folder, 'tagwerk.sqlite'))
    await (await open()).close()
  })

  it('data of a newer program is refused', async () => {
    await (await open()).close()
    const db = new DatabaseSync(join(folder, 'tagwerk.sqlite'))
    db.exec(`UPDATE schema_version SET version = ${SCHEMA_VERSION + 1}`)
    db.close()
    await expect(open()).rejects.toThrow(
      `written by a newer Tagwerk (schema ${SCHEMA_VERSION + 1}; this one knows ${SCHEMA_VERSION})`,
    )
  })

  it('a data folder of the current schema version keeps its data', async () => {
    const first = await open()
    await first.commit('p', [register('i1')])
    await first.close()
    const second = await open()
    expect((await contentsOf(second, 'p')).resources).toHaveLength(1)
    await second.close()
  })
})

describe('the writer', () => {
  const commit = (id: number, project: string, requests: readonly WriteRequest[]): WriteCall => ({
    id,
    commit: { project, requests: packRequests(requests) },
  })

  async function openWriter(): Promise<SqliteWriter> {
    const writer = new SqliteWriter(join(folder, 'tagwerk.sqlite'))
    await writer.migrate()
    return writer
  }

  it('every call of a shared transaction gets its reply', async () => {
    const writer = await openWriter()
    const replies = await writer.execute([commit(1, 'p', [register('a')]), commit(2, 'q', [register('b')])])
    expect(replies.map(({ id }) => id)).toEqual([1, 2])
    writer.close()
  })

  it('calls whose shared transaction fails are retried one by one, so that only the failing one fails', async () => {
    const writer = await openWriter()
    const faulty = { ...register('bad'), id: {} as unknown as string }
    const replies = await writer.execute([
      commit(1, 'p', [register('a')]),
      commit(2, 'p', [faulty]),
      commit(3, 'p', [register('c')]),
    ])
    expect(replies.map((reply) => 'error' in reply)).toEqual([false, true, false])
    const revisions = replies.map((reply) =>
      'verdicts' in reply ? unpackVerdicts([register('x')], reply.verdicts)[0]?.revision : undefined,
    )
    expect(revisions).toEqual([1, undefined, 2])
    writer.close()
  })

  it('the writer works on after the engine has rolled back a transaction by itself', async () => {
    const writer = await openWriter()
    const db = new DatabaseSync(join(folder, 'tagwerk.sqlite'))
    // As on a full disk, the statement fails and the engine rolls the transaction back.
    db.exec(`CREATE TRIGGER full_disk BEFORE INSERT ON change_log WHEN NEW.resource_id = 'bad'
      BEGIN SELECT RAISE(ROLLBACK, 'disk full'); END`)
    db.close()
    const [failed] = await writer.execute([commit(1, 'p', [register('bad')])])
    expect(failed).toEqual({ id: 1, error: { message: expect.stringContaining('disk full'), failure: 'other' } })
    const [next] = await writer.execute([commit(2, 'p', [register('good')])])
    if (next === undefined || !('verdicts' in next)) throw new Error('no verdicts')
    expect(unpackVerdicts([register('good')], next.verdicts)).toMatchObject([{ outcome: 'changed', revision: 1 }])
    writer.close()
  })
})

describe('a store whose writer thread has ended', () => {
  it('the failure is reported once, pending and later writes fail, and reads and close still work', async () => {
    let thread: Worker | undefined
    process.once('worker', (worker) => {
      thread = worker
    })
    const failures: Error[] = []
    const store = await openSqliteStore(folder, (error) => failures.push(error))
    await store.commit('p', [register('a')])
    const waiting = Array.from({ length: 50 }, (_, i) => store.commit('p', [register(`b${i}`)]))
    const settled = Promise.allSettled(waiting)
    await thread?.terminate()
    const results = await settled
    expect(failures.map(({ message }) => message)).toEqual(['the writer thread ended with code 1'])
    expect(results.some(({ status }) => status === 'rejected')).toBe(true)
    await expect(store.commit('p', [register('c')])).rejects.toThrow('the writer thread ended')
    // Acknowledged writes are stored; the others may be stored or not.
    const acknowledged = results.filter(({ status }) => status === 'fulfilled').length
    expect(await store.getRevision('p')).toBeGreaterThanOrEqual(1 + acknowledged)
    await store.close()
    expect(failures).toHaveLength(1)
  })
})
