import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const FILES = ['tagwerk.sqlite', 'tagwerk.lock', 'tagwerk.pid']

/** Gives the path of the database in a data folder. */
export function databaseFileIn(folder: string): string {
  return join(folder, 'tagwerk.sqlite')
}

/** A data folder that this process holds alone. */
export type DataFolder = {
  /** The database file in it. */
  readonly file: string
  /** Lets another process have the folder. A second call does nothing. */
  release(): void
}

/**
 * Makes the folder if it is missing (readable by its owner only), and takes it for this process. Throws when another
 * process has it. The hold is a lock of the operating system on a file of its own, so it ends with the process however
 * that ends; the lock is SQLite's, because Node has no call for it.
 */
export function lockDataFolder(folder: string): DataFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // In a folder that somebody else has made, others may look around: the key for tokens is in here.
  for (const name of FILES) makePrivate(join(folder, name))
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
  writeFileSync(pidFile, `${process.pid}\n`)
  let held = true
  return {
    file: databaseFileIn(folder),
    release: () => {
      if (held) lock.close()
      held = false
    },
  }
}

/** Makes a file if it is missing, for its owner only; SQLite gives the same to the files that it puts beside one. */
function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
}

function readPid(pidFile: string): string {
  try {
    const pid = readFileSync(pidFile, 'utf8').trim()
    return pid === '' ? '' : ` (process ${pid})`
  } catch {
    // The other process has the lock and has not written its number yet: the message goes without it.
    return ''
  }
}
