import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { migrate } from '../migrate.ts'
import { SQLITE_DIALECT, SqliteConnection } from './connection.ts'
import { databaseFileIn, STORE_FILES } from './data-folder.ts'
import { renameDurably } from './durable-file.ts'
import { createIdentity } from './store-identity.ts'

/** SQLite adds these to the name of a database, for its journals. */
const SUFFIXES = ['', '-wal', '-shm', '-journal']

/**
 * Creates an empty database in a data folder that this process has locked. It gets its name when it is complete and on
 * disk, so that a database without tables is never a new one. `prepare` continues the transaction that creates the
 * tables.
 */
export async function foundStore(
  folder: string,
  prepare: (db: SqliteConnection) => Promise<void> = async () => undefined,
): Promise<void> {
  const file = databaseFileIn(folder)
  const draft = `${file}.new`
  removeDatabase(draft)
  closeSync(openSync(draft, 'wx', 0o600))
  const db = new SqliteConnection(draft, { readOnly: false })
  try {
    db.exec('BEGIN IMMEDIATE')
    await migrate(db, SQLITE_DIALECT)
    await createIdentity(db, randomUUID())
    await prepare(db)
    db.exec('COMMIT')
  } finally {
    // Moves the write-ahead log into the database and removes it.
    db.close()
  }
  if (existsSync(`${draft}-wal`)) throw new Error(`the new database ${draft} could not be completed`)
  renameDurably(draft, file)
}

/** Removes a database file with its journals, if it exists. */
export function removeDatabase(file: string): void {
  for (const suffix of SUFFIXES) rmSync(`${file}${suffix}`, { force: true })
}

/**
 * Moves everything that belongs to the store of a data folder into a new subfolder, and returns its path. The caller has
 * locked the folder.
 */
export function setStoreAside(folder: string): string {
  let number = 1
  while (existsSync(asideFolder(folder, number))) number++
  const aside = asideFolder(folder, number)
  mkdirSync(aside, { mode: 0o700 })
  for (const name of STORE_FILES) {
    if (existsSync(join(folder, name))) renameSync(join(folder, name), join(aside, name))
  }
  return aside
}

function asideFolder(folder: string, number: number): string {
  return join(folder, `replaced-${number}`)
}
