import { Worker } from 'node:worker_threads'

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
