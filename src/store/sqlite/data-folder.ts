import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isUnwritable } from './sqlite-errors.ts'

/** The names of the files and folders that belong to the store of a data folder. */
export const STORE_FILES = ['tagwerk.sqlite', 'tagwerk.sqlite-wal', 'tagwerk.sqlite-shm', 'tagwerk.marker', 'snapshots']

/** Returns the path of the database in a data folder. */
export function databaseFileIn(folder: string): string {
  return join(folder, 'tagwerk.sqlite')
}

/** A data folder that this process has locked. */
export type DataFolder = {
  /** The database file in it. */
  readonly file: string
  /** Unlocks the folder. A second call does nothing. */
  release(): void
}

/**
 * Creates the folder if it is missing, readable by its owner only, and locks it for this process. Throws when another
 * process has locked it. The lock is an exclusive lock on `tagwerk.lock`, taken through SQLite because Node has no
 * flock; the operating system releases it when the process ends.
 */
export function lockDataFolder(folder: string): DataFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // A folder that existed before may be readable by others; the files contain the key for tokens.
  for (const name of STORE_FILES) if (name !== 'snapshots') restrict(join(folder, name))
  for (const name of ['tagwerk.lock', 'tagwerk.pid']) makePrivate(join(folder, name))
  const pidFile = join(folder, 'tagwerk.pid')
  const lock = new DatabaseSync(join(folder, 'tagwerk.lock'), { timeout: 0 })
  try {
    lock.exec('PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!String(error).includes('locked')) throw error
    throw new Error(
      `the data folder ${folder} is in use by another Tagwerk process${readPid(pidFile)}: stop that one, or choose another folder`,
    )
  }
  writePid(pidFile)
  let isLocked = true
  return {
    file: databaseFileIn(folder),
    release: () => {
      if (isLocked) lock.close()
      isLocked = false
    },
  }
}

/** Creates a file if it is missing and restricts it to its owner. */
function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', 0o600))
  restrict(file)
}

/** Restricts a file to its owner, if it exists. SQLite gives the journals that it creates the mode of the database. */
function restrict(file: string): void {
  if (existsSync(file)) chmodSync(file, 0o600)
}

function writePid(pidFile: string): void {
  try {
    writeFileSync(pidFile, `${process.pid}\n`)
  } catch (error) {
    // Only a message needs the process id; the lock needs no space on the disk.
    if (!isUnwritable(error)) throw error
  }
}

function readPid(pidFile: string): string {
  try {
    const pid = readFileSync(pidFile, 'utf8').trim()
    return pid === '' ? '' : ` (process ${pid})`
  } catch {
    // The other process holds the lock and has not written its process id yet.
    return ''
  }
}
