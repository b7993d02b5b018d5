import { workerData } from 'node:worker_threads'
import { refreshSnapshot } from '../catalog/index-loader.ts'
import { openReadOnlyStore } from '../store/open.ts'
import { snapshotFiles } from '../store/snapshots/snapshot-files.ts'
import type { SnapshotJob } from './snapshot-client.ts'

// Entry of the thread that makes one snapshot. An exception ends the thread and rejects the client's promise.

const { store: location, snapshotFolder, project, seed, atMs } = workerData as SnapshotJob
// The process logs an unreachable database itself; here it fails the snapshot.
const store = await openReadOnlyStore(location, { onUnreachable: () => undefined, onReachable: () => undefined })
try {
  const snapshots = snapshotFiles(snapshotFolder, () => atMs)
  // The process has logged an invalid snapshot when it read it; this thread replaces it.
  await refreshSnapshot({ store, snapshots, seed, onSnapshotError: () => undefined }, project)
} finally {
  await store.close()
}
