import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { migrate } from '../migrate.ts'
import { SQLITE_DIALECT, SqliteConnection } from './connection.ts'
import { databaseFileIn } from './data-folder.ts'
import { createDraft } from './database-file.ts'
import { renameDurably } from './durable-file.ts'
import { createIdentity } from './store-identity.ts'
import { writeMarker } from './store-marker.ts'

/**
 * Creates an empty database and its marker in a data folder that this process has locked. It gets its name when it is complete and on
 * disk, so that a database without tables is never a new one. `prepare` continues the transaction that creates the
 * tables.
 */
export async function foundStore(
  folder: string,
  prepare: (db: SqliteConnection) => Promise<void> = async () => undefined,
): Promise<void> {
  const file = databaseFileIn(folder)
  const draft = `${file}.new`
  const storeId = randomUUID()
  createDraft(draft)
  const db = new SqliteConnection(draft, { readOnly: false })
  try {
    db.exec('BEGIN IMMEDIATE')
    await migrate(db, SQLITE_DIALECT)
    await createIdentity(db, storeId)
    await prepare(db)
    db.exec('COMMIT')
  } finally {
    // Moves the write-ahead log into the database and removes it.
    db.close()
  }
  if (existsSync(`${draft}-wal`)) throw new Error(`the new database ${draft} could not be completed`)
  renameDurably(draft, file)
  writeMarker(folder, { storeId, commits: 0 })
}
