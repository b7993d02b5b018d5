import { randomUUID } from 'node:crypto'
import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { throwIfNewer } from '../migrate.ts'
import { draftOf, removeAbandonedDrafts } from './backup-draft.ts'
import { SqliteConnection } from './connection.ts'
import { databaseFileIn, lockDataFolder } from './data-folder.ts'
import { copyDatabase, createDraft, type DatabaseContent, type OnStep, removeDatabase } from './database-file.ts'
import { renameDurably } from './durable-file.ts'
import { entriesOf, inspectDataFolder } from './inspect-folder.ts'
import { readSqliteVersion } from './schema-version.ts'
import { setStoreAside } from './set-aside.ts'
import { isDamage } from './sqlite-errors.ts'
import { createIdentity, readIdentity, renewIdentity, type StoreIdentity } from './store-identity.ts'
import { writeMarker } from './store-marker.ts'

/** A verified backup, or a store restored from one. */
export type BackupReport = DatabaseContent & {
  readonly bytes: number
  /** The number of committed transactions that it contains. */
  readonly commits: number
  /** Where a restore has moved the files of the former store, if there was one. */
  readonly replaced?: string
}

/**
 * Writes the store of a data folder to a file as of one moment, also while a service uses the folder. The file gets its
 * name when it is complete, verified and on disk. Throws when the folder holds no store or a damaged one, and when the
 * file exists, unless `replaces` is set. A failure, and an error that `onStep` throws, leave no file; what processes that
 * were killed have left is removed.
 */
export async function backupDataFolder(
  folder: string,
  file: string,
  replaces: boolean,
  onStep: OnStep,
): Promise<BackupReport> {
  if ((await inspectDataFolder(folder)) === 'nothing') throw new Error(`there is no data of Tagwerk in ${folder}`)
  const inFolder = dirname(resolve(file))
  if (!existsSync(inFolder)) throw new Error(`the folder ${inFolder} does not exist: create it, or name another file`)
  if (realpathSync(inFolder) === realpathSync(folder)) {
    throw new Error(`${file} is in the data folder: name a file elsewhere, best on another disk`)
  }
  throwIfTaken(file, replaces)
  const draft = draftOf(file)
  try {
    createDraft(draft)
    removeAbandonedDrafts(draft)
    const content = await copyDatabase(databaseFileIn(folder), draft, onStep)
    const { commits } = await identityIn(draft)
    throwIfTaken(file, replaces)
    renameDurably(draft, file)
    return { ...content, commits, bytes: statSync(file).size }
  } finally {
    removeDatabase(draft)
  }
}

/**
 * Makes a data folder from a backup, and creates the folder if it is missing. The restored store has a new id: it shares
 * with the former one what the backup contains. Throws when the file is no whole backup, when a process uses the folder,
 * and when the folder is not empty, unless `replaces` is set: the former store is then moved to a subfolder.
 */
export async function restoreDataFolder(
  file: string,
  folder: string,
  replaces: boolean,
  onStep: OnStep,
): Promise<BackupReport> {
  await throwIfNoBackup(file)
  const occupied = entriesOf(folder).find((name) => !OWN_FILES.test(name))
  if (occupied !== undefined && !replaces) {
    throw new Error(
      `${folder} is not empty (it has ${occupied}): choose another folder, or use --force, which moves the store in it to a subfolder`,
    )
  }
  const lock = lockDataFolder(folder)
  const draft = `${lock.file}.new`
  try {
    const content = await copyDatabase(file, draft, onStep)
    const identity = await renewIdentityIn(draft)
    const replaced = occupied === undefined ? undefined : setStoreAside(folder, identity)
    renameDurably(draft, lock.file)
    writeMarker(folder, identity)
    const report = { ...content, commits: identity.commits, bytes: statSync(lock.file).size }
    return replaced === undefined ? report : { ...report, replaced }
  } finally {
    removeDatabase(draft)
    lock.release()
  }
}

/** Files that a lock leaves in an otherwise empty folder, and those of an interrupted restore. */
const OWN_FILES = /^tagwerk\.(lock|pid|sqlite\.new.*)$/

function throwIfTaken(file: string, replaces: boolean): void {
  if (existsSync(file) && !replaces) throw new Error(`${file} exists: name another file, or replace it with --force`)
}

async function throwIfNoBackup(file: string): Promise<void> {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new Error(`there is no backup file ${file}`)
  let db: SqliteConnection | undefined
  try {
    db = new SqliteConnection(file, { readOnly: true })
    const version = await readSqliteVersion(db)
    if (version === 0) throw new Error(`${file} is not a backup of Tagwerk: it has no tables`)
    throwIfNewer(version)
  } catch (error) {
    if (!isDamage(error)) throw error
    throw new Error(`${file} is not a backup of Tagwerk, or it is damaged: ${(error as Error).message}`, {
      cause: error,
    })
  } finally {
    db?.close()
  }
}

async function identityIn(file: string): Promise<{ readonly commits: number }> {
  const db = new SqliteConnection(file, { readOnly: true })
  try {
    return (await readIdentity(db)) ?? { commits: 0 }
  } finally {
    db.close()
  }
}

async function renewIdentityIn(file: string): Promise<StoreIdentity> {
  const db = new SqliteConnection(file, { readOnly: false })
  try {
    db.exec('BEGIN IMMEDIATE')
    if ((await readIdentity(db)) === undefined) await createIdentity(db, randomUUID())
    else await renewIdentity(db, randomUUID())
    db.exec('COMMIT')
    return (await readIdentity(db)) as StoreIdentity
  } finally {
    db.close()
  }
}
