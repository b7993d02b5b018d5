import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SqliteConnection } from '../../../src/store/sqlite/connection.ts'
import { failureOf } from '../../../src/store/sqlite/sqlite-errors.ts'
import { StoreUnavailable } from '../../../src/store/store.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-errors-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The error of a statement on a new database after a preparation. */
async function errorOf(name: string, preparation: string, statement: string): Promise<unknown> {
  const db = new SqliteConnection(join(folder, name), { readOnly: false })
  try {
    db.exec('CREATE TABLE t (x)')
    db.exec(preparation)
    return await db.run(statement).then(
      () => undefined,
      (error: unknown) => error,
    )
  } finally {
    db.close()
  }
}

it('a full database, a read-only one and a missing file are told apart', async () => {
  const grow = `INSERT INTO t VALUES (zeroblob(1000000))`
  expect(failureOf(await errorOf('full', 'PRAGMA max_page_count = 10', grow))).toBe('full')
  expect(failureOf(await errorOf('readonly', 'PRAGMA query_only = 1', grow))).toBe('read-only')
  const open = () => new SqliteConnection(join(folder, 'missing/file'), { readOnly: true })
  expect(open).toThrow(expect.objectContaining({ constructor: StoreUnavailable, failure: 'disk' }))
  expect(failureOf(new TypeError('a defect'))).toBe('other')
})
