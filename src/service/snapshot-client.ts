import { Worker } from 'node:worker_threads'
import type { LoaderOptions } from '../catalog/index-loader.ts'
import type { Config } from '../config/config.ts'
import type { Clock } from '../core/clock.ts'
import type { StoreLocation } from '../store/location.ts'
import { snapshotFiles } from '../store/snapshots/snapshot-files.ts'

/** The task of a snapshot thread. */
export type SnapshotJob = {
  readonly store: StoreLocation
  readonly snapshotFolder: string
  readonly project: string
  readonly seed: number
  /** Time of the request, milliseconds since 1970 UTC. */
  readonly atMs: number
}

/**
 * Makes a snapshot in a new thread, so that reading and writing a large project does not block the event loop. Rejects with
 * the error of the thread. The thread exits after its task, or when the signal aborts it.
 */
export async function makeSnapshotInThread(job: SnapshotJob, signal: AbortSignal): Promise<void> {
  // The bundle has the thread as a .js file in the same folder, the sources as a .ts file.
  const script = new URL(
    import.meta.url.endsWith('.ts') ? './snapshot-thread.ts' : './snapshot-thread.js',
    import.meta.url,
  )
  const thread = new Worker(script, { workerData: job })
  const terminate = () => void thread.terminate()
  signal.addEventListener('abort', terminate)
  if (signal.aborted) terminate()
  try {
    await new Promise<void>((resolve, reject) => {
      thread.once('error', reject)
      thread.once('exit', (code) => {
        if (code === 0 && !signal.aborted) resolve()
        else
          reject(
            new Error(
              signal.aborted
                ? 'the snapshot was aborted because the service stops'
                : `the snapshot thread exited with code ${code}`,
            ),
          )
      })
    })
  } finally {
    signal.removeEventListener('abort', terminate)
  }
}

/** Connections of the thread, in addition to those of the process: the minimum of a pool. */
const THREAD_CONNECTIONS_MAX = 4

/** The loader's snapshot options: files in the configured folder, made by threads. Empty without a folder. */
export function snapshotOptions(
  { store, snapshotFolder }: Pick<Config, 'store' | 'snapshotFolder'>,
  clock: Clock,
  seed: number,
  signal: AbortSignal,
): Pick<LoaderOptions, 'snapshots' | 'makeSnapshot'> {
  if (snapshotFolder === undefined) return {}
  const location =
    store.engine === 'sqlite' ? store : { ...store, migrates: false, connectionsMax: THREAD_CONNECTIONS_MAX }
  return {
    snapshots: snapshotFiles(snapshotFolder, clock),
    makeSnapshot: (project) =>
      makeSnapshotInThread({ store: location, snapshotFolder, project, seed, atMs: clock() }, signal),
  }
}
