import type { IndexState } from '../search-index/index-state.ts'
import type { Snapshot } from '../store/snapshots/snapshot-store.ts'
import type { ReadOnlyTagStore } from '../store/store.ts'

/**
 * Must be raised with every change of the memory layout of an index, and of the times of resources by a migration;
 * snapshots of other versions are discarded.
 */
const LAYOUT_VERSION = 2

/** Identifies the store of a snapshot by the change at the snapshot's revision, which differs in any other store. */
type Proof = { readonly requestId: string; readonly atMs: number; readonly id: string }

/** What a snapshot of a project's indexes says about itself. */
export type SnapshotHead = {
  readonly layout: number
  readonly project: string
  readonly revision: number
  readonly proof: Proof
  /**
   * The types known to the version that wrote the snapshot: `*` for every type. Absent in the oldest heads, whose
   * `indexes` name all of them.
   */
  readonly types?: readonly string[]
  /** One entry per part of the snapshot: the types that the project has an index for. */
  readonly indexes: readonly { readonly type: string; readonly state: IndexState }[]
}

/** Stands for every type in the head of a snapshot; no type has this name. */
const EVERY_TYPE = '*'

/** Describes a snapshot of the indexes of a project. */
export function snapshotHead(
  project: string,
  revision: number,
  proof: Proof,
  indexes: SnapshotHead['indexes'],
): SnapshotHead {
  return { layout: LAYOUT_VERSION, project, revision, proof, types: [EVERY_TYPE], indexes }
}

/**
 * Gives the revision of an open snapshot, which it closes; undefined when the change log does not lead on from it. Rejects
 * one that must be discarded by its head alone.
 */
export async function usableRevisionOf(
  snapshot: Snapshot,
  store: ReadOnlyTagStore,
  project: string,
): Promise<number | undefined> {
  try {
    const head = JSON.parse(snapshot.head) as SnapshotHead
    return (await isUsable(head, store, project)) ? head.revision : undefined
  } finally {
    await snapshot.close()
  }
}

/**
 * Whether the change log may lead on from a snapshot: no, when the change that proves it was deleted because it is not above
 * the horizon. Rejects a head whose snapshot must be discarded.
 */
export async function isUsable(head: SnapshotHead, store: ReadOnlyTagStore, project: string): Promise<boolean> {
  const { layout, revision, proof, indexes, types = indexes.map(({ type }) => type) } = head
  if (layout !== LAYOUT_VERSION) throw new Error('the snapshot has another layout version')
  if (head.project !== project) throw new Error('the snapshot is of another project')
  if (!(await isFrom(store, project, revision, proof))) {
    if ((await store.getHistoryState(project)).horizon >= revision) return false
    throw new Error('the snapshot was made from another store')
  }
  if (!types.includes(EVERY_TYPE) && (await hasOtherTypes(store, project, types))) {
    throw new Error('the snapshot lacks a resource type of the project')
  }
  return true
}

/** Reads the proof for a revision from the store; undefined when its change log has no such revision. */
export async function proofOf(store: ReadOnlyTagStore, project: string, revision: number): Promise<Proof | undefined> {
  const [change] = revision === 0 ? [] : await store.changesSince(project, revision - 1, 1)
  if (change?.revision !== revision) return undefined
  const { requestId, atMs, id } = change
  return { requestId, atMs, id }
}

async function isFrom(store: ReadOnlyTagStore, project: string, revision: number, proof: Proof): Promise<boolean> {
  const expected = await proofOf(store, project, revision)
  return expected?.requestId === proof.requestId && expected.atMs === proof.atMs && expected.id === proof.id
}

async function hasOtherTypes(store: ReadOnlyTagStore, project: string, types: readonly string[]): Promise<boolean> {
  return (await store.getTypes(project)).some((type) => !types.includes(type))
}
