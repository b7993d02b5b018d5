import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { LoaderOptions } from '../catalog/index-loader.ts'
import type { Clock } from '../core/clock.ts'
import { databaseFileIn } from '../store/data-folder.ts'
import type { StorePlace } from '../store/open.ts'
import { snapshotFiles } from '../store/snapshot-files.ts'

/** What the thread needs to know. */
export type SnapshotJob = {
  readonly databaseFile: string
  readonly snapshotFolder: string
  readonly project: string
  readonly seed: number
  /** Time of the order, milliseconds since 1970 UTC. */
  readonly atMs: number
}

/**
 * Lets a thread of its own make a fresh snapshot, so that reading a large project and writing it out holds up nobody.
 * Rejects with what went wrong. The thread ends with its work, or when the signal says so.
 */
export async function makeSnapshotInThread(job: SnapshotJob, signal: AbortSignal): Promise<void> {
  // From the sources a thread runs the .ts file, from a published package the .js file beside this one.
  const script = new URL(
    import.meta.url.endsWith('.ts') ? './snapshot-thread.ts' : './snapshot-thread.js',
    import.meta.url,
  )
  const worker = new Worker(script, { workerData: job })
  const end = () => void worker.terminate()
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  try {
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject)
      worker.once('exit', (code) => {
        if (code === 0 && !signal.aborted) resolve()
        else reject(new Error(signal.aborted ? 'it was called off' : `the thread ended with code ${code}`))
      })
    })
  } finally {
    signal.removeEventListener('abort', end)
  }
}

/** Says where indexes of a store keep their snapshots, and who makes them. Over PostgreSQL there are none: a node has no folder. */
export function snapshotsFor(
  store: StorePlace,
  clock: Clock,
  seed: number,
  signal: AbortSignal,
): Pick<LoaderOptions, 'snapshots' | 'makeSnapshot'> {
  if (store.engine !== 'sqlite') return {}
  const snapshotFolder = join(store.folder, 'snapshots')
  const databaseFile = databaseFileIn(store.folder)
  return {
    snapshots: snapshotFiles(snapshotFolder, clock),
    makeSnapshot: (project) =>
      makeSnapshotInThread({ databaseFile, snapshotFolder, project, seed, atMs: clock() }, signal),
  }
}
