import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

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
export function takeDataFolder(folder: string): DataFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const pidFile = join(folder, 'tagwerk.pid')
  const lock = new DatabaseSync(join(folder, 'tagwerk.lock'), { timeout: 0 })
  try {
    lock.exec('PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!String(error).includes('locked')) throw error
    throw new Error(
      `the data folder ${folder} is in use by another Tagwerk process${readPid(pidFile)}: stop that one, or choose another folder with --data`,
    )
  }
  writeFileSync(pidFile, `${process.pid}\n`)
  let held = true
  return {
    file: join(folder, 'tagwerk.sqlite'),
    release: () => {
      if (held) lock.close()
      held = false
    },
  }
}

function readPid(pidFile: string): string {
  try {
    return ` (process ${readFileSync(pidFile, 'utf8').trim()})`
  } catch {
    // The other process has the lock and has not written its number yet: the message goes without it.
    return ''
  }
}
