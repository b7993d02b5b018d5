import type { CopySource, CopyTarget } from '../copy/endpoints.ts'
import { copyReads, markAsTarget, requireCurrentSchema, unmarkTarget, writeRows } from '../copy/sql-endpoints.ts'
import { migrate, SCHEMA_VERSION } from '../migrate.ts'
import { SQLITE_DIALECT, SqliteConnection } from './connection.ts'
import { lockDataFolder } from './data-folder.ts'
import { foundStore } from './found-store.ts'
import { inspectDataFolder } from './inspect-folder.ts'
import { readSqliteVersion } from './schema-version.ts'

/**
 * Opens a data folder as the source of a copy. Throws when it holds no data, when another process has locked it, and
 * when its schema version is not this program's.
 */
export async function openSqliteCopySource(folder: string): Promise<CopySource> {
  // Before the lock, which would create the folder.
  if ((await inspectDataFolder(folder)) === 'nothing') throw new Error('there is no data of Tagwerk')
  const { db, close } = await openLocked(folder, true)
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
  const { db, close } = await openLocked(folder, false)
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

/** Locks a data folder and opens its database, which is created as an unfinished copy if it is missing. */
async function openLocked(
  folder: string,
  readOnly: boolean,
): Promise<{ readonly db: SqliteConnection; close(): Promise<void> }> {
  const { file, release } = lockDataFolder(folder)
  try {
    if ((await inspectDataFolder(folder)) === 'nothing') {
      await foundStore(folder, (db) => markAsTarget(db, SCHEMA_VERSION, async () => undefined))
    }
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
