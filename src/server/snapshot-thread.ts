import { workerData } from 'node:worker_threads'
import { refreshSnapshot } from '../catalog/index-loader.ts'
import { snapshotFiles } from '../store/snapshot-files.ts'
import { openSqliteReader } from '../store/sqlite-reader.ts'
import type { SnapshotJob } from './snapshot-worker.ts'

// The thread that makes one snapshot. What goes wrong ends it, and the other side hears of it.

const { databaseFile, snapshotFolder, project, seed, atMs } = workerData as SnapshotJob
const store = openSqliteReader(databaseFile)
try {
  const snapshots = snapshotFiles(snapshotFolder, () => atMs)
  // A snapshot that is not believed is made anew here, and was reported by whoever asked for this one.
  await refreshSnapshot({ store, snapshots, seed, onSnapshotTrouble: () => undefined }, project)
} finally {
  store.close()
}
