import { Worker } from 'node:worker_threads'
import type { LoaderOptions } from '../catalog/index-loader.ts'
import type { Config } from '../config/config.ts'
import type { Clock } from '../core/clock.ts'
import type { StoreLocation } from '../store/location.ts'
import { snapshotFiles } from '../store/snapshots/snapshot-files.ts'

/** What the thread needs to know. */
export type SnapshotJob = {
  readonly store: StoreLocation
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

/** Connections of the thread beside those of the process: one to look, one to read, and what a pool has at least. */
const THREAD_CONNECTIONS_MAX = 4

/** Says where indexes keep their snapshots, and who makes them; without a folder there are none. */
export function snapshotsFor(
  { store, snapshotFolder }: Pick<Config, 'store' | 'snapshotFolder'>,
  clock: Clock,
  seed: number,
  signal: AbortSignal,
): Pick<LoaderOptions, 'snapshots' | 'makeSnapshot'> {
  if (snapshotFolder === undefined) return {}
  const place =
    store.engine === 'sqlite' ? store : { ...store, migrates: false, connectionsMax: THREAD_CONNECTIONS_MAX }
  return {
    snapshots: snapshotFiles(snapshotFolder, clock),
    makeSnapshot: (project) =>
      makeSnapshotInThread({ store: place, snapshotFolder, project, seed, atMs: clock() }, signal),
  }
}
