import { existsSync } from 'node:fs'
import type { CopySource, CopyTarget } from '../copy/endpoints.ts'
import { copyReads, markAsTarget, requireCurrentSchema, unmarkTarget, writeRows } from '../copy/sql-endpoints.ts'
import { migrate } from '../migrate.ts'
import { SQLITE_DIALECT, SqliteConnection } from './connection.ts'
import { databaseFileIn, lockDataFolder } from './data-folder.ts'

/**
 * Opens a data folder as the source of a copy. Throws when it holds no data, when another process has locked it, and
 * when its schema version is not this program's.
 */
export async function openSqliteCopySource(folder: string): Promise<CopySource> {
  if (!existsSync(databaseFileIn(folder))) throw new Error('there is no data of Tagwerk')
  const { db, close } = openLocked(folder, true)
  try {
    db.exec('BEGIN')
    requireCurrentSchema(await readSqliteVersion(db))
    return {
      ...copyReads(db),
      renew: async () => db.exec('COMMIT; BEGIN'),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * Opens a data folder as the target of a copy, creating it if it is missing. Throws when another process has locked it,
 * and when it holds other data.
 */
export async function openSqliteCopyTarget(folder: string): Promise<CopyTarget> {
  const { db, close } = openLocked(folder, false)
  const transaction = async (work: () => Promise<void>) => {
    db.exec('BEGIN IMMEDIATE')
    try {
      await work()
      db.exec('COMMIT')
    } catch (error) {
      db.exec('ROLLBACK')
      throw error
    }
  }
  try {
    await transaction(async () => markAsTarget(db, await readSqliteVersion(db), () => migrate(db, SQLITE_DIALECT)))
    return {
      ...copyReads(db),
      write: (table, removedKeys, added) => transaction(() => writeRows(db, table, removedKeys, added)),
      finish: () => transaction(() => unmarkTarget(db)),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function openLocked(folder: string, readOnly: boolean): { readonly db: SqliteConnection; close(): Promise<void> } {
  const { file, release } = lockDataFolder(folder)
  try {
    const db = new SqliteConnection(file, { readOnly })
    let isOpen = true
    const close = async () => {
      if (isOpen) db.close()
      isOpen = false
      release()
    }
    return { db, close }
  } catch (error) {
    release()
    throw error
  }
}

/** Returns the schema version of a database file, 0 when there is none. */
export async function readSqliteVersion(db: SqliteConnection): Promise<number> {
  const table = await db.get(`SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'`)
  if (table === undefined) return 0
  return Number((await db.get('SELECT version FROM schema_version'))?.version ?? 0)
}
