import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { removeDatabase } from './database-file.ts'

/** `NAME.HOST-PID-RANDOM.partial`, and the journals of SQLite. A dot of the host name is written `_`. */
const DRAFT = /^(.+\.([\w-]+)-(\d+)-[0-9a-f]{8}\.partial)(-wal|-shm|-journal)?$/
/** A draft of another machine is abandoned after this time: whether its process runs cannot be seen. */
const ABANDONED_AFTER_MS = 24 * 3_600_000

/** The name of a backup file while it is incomplete, which tells who writes it. */
export function draftOf(file: string): string {
  return `${file}.${shortHost()}-${process.pid}-${randomUUID().slice(0, 8)}.partial`
}

/** Removes the incomplete backup files whose processes have ended from the folder of a draft that was just created. */
export function removeAbandonedDrafts(own: string): void {
  const folder = dirname(resolve(own))
  // The clock of the disk, which machines that share it may not agree with.
  const nowMs = statSync(own).mtimeMs
  for (const name of readdirSync(folder)) {
    const [, draft, host, pid] = DRAFT.exec(name) ?? []
    if (draft === undefined || draft === basename(own)) continue
    const file = join(folder, draft)
    const changedAtMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? nowMs
    const isAbandoned = host === shortHost() ? !isRunning(Number(pid)) : nowMs - changedAtMs > ABANDONED_AFTER_MS
    if (isAbandoned) removeDatabase(file)
  }
}

function shortHost(): string {
  return hostname().replace(/[^\w-]/g, '_')
}

/** True for another process that runs. A draft with the id of this one is of a former process: in a container all have the same. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return !isDefunct(pid)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** True for a killed process that its parent has not waited for, as in containers without an init process. */
function isDefunct(pid: number): boolean {
  try {
    return /\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    // Other systems than Linux have no such file.
    return false
  }
}
