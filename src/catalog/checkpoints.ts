import type { SnapshotStore } from '../store/snapshots/snapshot-store.ts'
import { type ReadOnlyTagStore, StoreUnavailable } from '../store/store.ts'
import { checkpointsToKeep } from './checkpoint-policy.ts'
import { usableRevisionOf } from './snapshot-head.ts'
import { isSystemError } from './system-error.ts'

export type CheckpointOptions = {
  readonly store: ReadOnlyTagStore
  readonly snapshots: SnapshotStore
}

/**
 * Keeps the snapshot that was just saved as a checkpoint, if it is the first of its day, and deletes the checkpoints that
 * are not to be kept any more: those that the policy thins out, those below the horizon, from which the change log does not
 * lead on, and those of another store, such as after the restore of a backup.
 */
export async function keepCheckpoint(
  { store, snapshots }: CheckpointOptions,
  project: string,
  revision: number,
): Promise<void> {
  await snapshots.keep(project, revision)
  const { horizon } = await store.getHistoryState(project)
  const valid = []
  for (const checkpoint of await snapshots.listKept(project)) {
    const isUsable = checkpoint.revision >= horizon && (await isValid(store, snapshots, project, checkpoint.revision))
    if (isUsable) valid.push(checkpoint)
    else await snapshots.forgetKept(project, checkpoint.revision)
  }
  const keep = new Set(checkpointsToKeep(valid))
  for (const checkpoint of valid) if (!keep.has(checkpoint)) await snapshots.forgetKept(project, checkpoint.revision)
}

/** Whether the head of a checkpoint is sound, of this store and of the revision in its name. */
async function isValid(
  store: ReadOnlyTagStore,
  snapshots: SnapshotStore,
  project: string,
  revision: number,
): Promise<boolean> {
  try {
    const snapshot = await snapshots.openKept(project, revision)
    return snapshot !== undefined && (await usableRevisionOf(snapshot, store, project)) === revision
  } catch (error) {
    // Neither is evidence against the checkpoint.
    if (error instanceof StoreUnavailable || isSystemError(error)) throw error
    return false
  }
}
