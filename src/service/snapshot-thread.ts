import { workerData } from 'node:worker_threads'
import { refreshSnapshot } from '../catalog/index-loader.ts'
import { openReadOnlyStore } from '../store/open.ts'
import { snapshotFiles } from '../store/snapshots/snapshot-files.ts'
import type { SnapshotJob } from './snapshot-client.ts'

// The thread that makes one snapshot. What goes wrong ends it, and the other side hears of it.

const { store: place, snapshotFolder, project, seed, atMs } = workerData as SnapshotJob
// That the database is away ends the thread, and is reported by the process itself.
const store = await openReadOnlyStore(place, { onUnreachable: () => undefined, onReachable: () => undefined })
try {
  const snapshots = snapshotFiles(snapshotFolder, () => atMs)
  // A snapshot that is not believed is made anew here, and was reported by whoever asked for this one.
  await refreshSnapshot({ store, snapshots, seed, onSnapshotError: () => undefined }, project)
} finally {
  await store.close()
}
