import type { ResourceType } from '../core/resource-types.ts'
import { compareCodePoints } from '../core/text.ts'
import type { IndexState } from '../search-index/index-state.ts'
import { TagIndex } from '../search-index/tag-index.ts'
import type { DamagedRow } from '../store/damaged-row.ts'
import type { SnapshotStore } from '../store/snapshots/snapshot-store.ts'
import type { Change, ReadOnlyTagStore } from '../store/store.ts'
import { TimeSlice } from './time-slice.ts'
import { SmallIndexes, TypeIndex } from './type-index.ts'

/**
 * Must be raised with every change of the memory layout of an index, and of the times of resources by a migration;
 * snapshots of other versions are discarded.
 */
const LAYOUT_VERSION = 2
/** Longer lists of changes yield before the first change, so that their project's next commit can start. */
const CHANGES_WITHOUT_YIELD_MAX = 64
/** Approximate size of a project's objects, in addition to its indexes. */
const OBJECTS_BYTES = 2048

/** Identifies the store of a snapshot by the change at the snapshot's revision, which differs in any other store. */
type Proof = { readonly requestId: string; readonly atMs: number; readonly id: string }

type SnapshotHead = {
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

/** Answers for the types that a project has no index for. Never written to. */
const EMPTY = new TagIndex()

/** Packs nothing. */
const UNLIMITED = new SmallIndexes(Number.POSITIVE_INFINITY)

/** What a project's indexes are made with. `seed`: see `TagIndexOptions`. */
export type IndexParts = { readonly seed: number; readonly small?: SmallIndexes | undefined }

/** The indexes of one project, one per type in use, and the revision that they reflect. */
export class ProjectIndex {
  #revision = 0
  #loadedRevision = 0
  #damaged: readonly DamagedRow[] = []
  /** The error that interrupted a change. From then on the index may contain a part of it and must not be used. */
  #fault: unknown
  readonly #indexes = new Map<string, TypeIndex>()
  readonly #seed: number
  readonly #small: SmallIndexes

  /** Makes an index without resources. */
  constructor({ seed, small = UNLIMITED }: IndexParts) {
    this.#seed = seed
    this.#small = small
  }

  get revision(): number {
    return this.#revision
  }

  /** The revision of the snapshot that the index was restored from, otherwise 0. */
  get loadedRevision(): number {
    return this.#loadedRevision
  }

  /** The rows that the index lacks because they are damaged. */
  get damaged(): readonly DamagedRow[] {
    return this.#damaged
  }

  /** The number of resources of all types. */
  get size(): number {
    let size = 0
    for (const index of this.#indexes.values()) size += index.size
    return size
  }

  /** Approximate memory size in bytes. */
  get bytes(): number {
    let bytes = OBJECTS_BYTES
    for (const index of this.#indexes.values()) bytes += index.bytes
    return bytes
  }

  /** The types that the project has resources of, ascending. */
  get types(): readonly ResourceType[] {
    const types: string[] = []
    for (const [type, index] of this.#indexes) if (index.size > 0) types.push(type)
    return types.sort(compareCodePoints) as ResourceType[]
  }

  /** The index of a type, to read from in this tick. Throws when a change was applied in part. */
  of(type: ResourceType): TagIndex {
    if (this.#fault !== undefined) throw this.#fault
    return this.#indexes.get(type)?.use() ?? EMPTY
  }

  /** How many resources of a type have to be unpacked before it can be read. */
  packedSize(type: ResourceType): number {
    return this.#indexes.get(type)?.packedSize ?? 0
  }

  /** True when the index should be rebuilt, see `TagIndex.isWasteful`. */
  get isWasteful(): boolean {
    for (const index of this.#indexes.values()) if (index.isWasteful) return true
    return false
  }

  /**
   * Applies changes in order; skips those up to the current revision, and stops at a gap. Yields to the event loop
   * between changes. Rejects when a change cannot be applied; then the index is unusable.
   */
  async apply(changes: readonly Change[]): Promise<void> {
    const slice = new TimeSlice()
    if (changes.length > CHANGES_WITHOUT_YIELD_MAX) await slice.yield()
    for (const change of changes) {
      if (slice.isOver) await slice.yield()
      // A concurrent call may have advanced the index during the yield.
      if (change.revision <= this.#revision) continue
      if (change.revision > this.#revision + 1) return
      try {
        this.#apply(change)
      } catch (error) {
        this.#fault ??= error
        throw error
      }
    }
  }

  #apply(change: Change): void {
    const index = this.#writable(change.type)
    if (change.after === undefined) {
      index.remove(change.id)
      this.#disposeEmpty(change.type)
    } else {
      const { id, sequence, createdAtMs, atMs } = change
      index.put({ ...change.after, id, sequence, createdAtMs, updatedAtMs: atMs })
    }
    this.#revision = change.revision
  }

  /** Gives up the index of a type without resources, so that types that come and go take no memory. */
  #disposeEmpty(type: ResourceType): void {
    const index = this.#indexes.get(type)
    if (!index?.isDisposable) return
    index.dispose()
    this.#indexes.delete(type)
  }

  #writable(type: ResourceType): TagIndex {
    if (this.#fault !== undefined) throw this.#fault
    let index = this.#indexes.get(type)
    if (index === undefined) {
      index = new TypeIndex(this.#seed, this.#small)
      this.#indexes.set(type, index)
    }
    return index.use()
  }

  #add(type: string, index: TagIndex): void {
    const ofType = new TypeIndex(this.#seed, this.#small, index)
    this.#indexes.set(type, ofType)
    ofType.use()
  }

  /** Builds the index of a project from all its resources. Yields to the event loop in between. */
  static async scan(store: ReadOnlyTagStore, project: string, parts: IndexParts): Promise<ProjectIndex> {
    const scanned = new ProjectIndex(parts)
    const { revision, batches, damaged } = await store.scan(project)
    const slice = new TimeSlice()
    for await (const resources of batches) {
      for (const resource of resources) {
        if (slice.isOver) await slice.yield()
        scanned.#writable(resource.type).put(resource)
      }
    }
    scanned.#revision = revision
    scanned.#damaged = damaged
    return scanned
  }

  /**
   * Restores a project's index from its snapshot, which may be behind the store; undefined when there is none. Rejects a
   * snapshot that is damaged, of another layout version, of another project or store, or that lacks a type of which the
   * project has resources.
   */
  static async restore(
    snapshots: SnapshotStore,
    store: ReadOnlyTagStore,
    project: string,
    parts: IndexParts,
  ): Promise<ProjectIndex | undefined> {
    const snapshot = await snapshots.open(project)
    if (snapshot === undefined) return undefined
    try {
      const head = JSON.parse(snapshot.head) as SnapshotHead
      await validate(head, store, project)
      const restored = new ProjectIndex(parts)
      for (const [part, { type, state }] of head.indexes.entries()) {
        const index = TagIndex.restore(state)
        await snapshot.read(part, index.memory)
        restored.#add(type, index)
      }
      restored.#revision = head.revision
      restored.#loadedRevision = head.revision
      return restored
    } finally {
      await snapshot.close()
    }
  }

  /**
   * Saves a snapshot. The index must not be used until the promise settles. Gives false when there is nothing to save
   * because the project was never written.
   */
  async save(snapshots: SnapshotStore, store: ReadOnlyTagStore, project: string): Promise<boolean> {
    const proof = await proofOf(store, project, this.#revision)
    if (proof === undefined) return false
    if (this.#fault !== undefined) throw this.#fault
    // A start that uses the snapshot would not notice them.
    if (this.#damaged.length > 0) throw new Error('no snapshot is made of a project with damaged rows')
    const indexes = Array.from(this.#indexes, ([type, index]) => ({ type, index: index.use() }))
    const head: SnapshotHead = {
      layout: LAYOUT_VERSION,
      project,
      revision: this.#revision,
      proof,
      types: [EVERY_TYPE],
      indexes: indexes.map(({ type, index }) => ({ type, state: index.state() })),
    }
    const parts = indexes.map(({ index }) => index.memory)
    await snapshots.save(project, JSON.stringify(head), parts)
    return true
  }
}

/** Rejects a head whose snapshot must be discarded. */
async function validate(head: SnapshotHead, store: ReadOnlyTagStore, project: string): Promise<void> {
  const { layout, revision, proof, indexes, types = indexes.map(({ type }) => type) } = head
  if (layout !== LAYOUT_VERSION) throw new Error('the snapshot has another layout version')
  if (head.project !== project) throw new Error('the snapshot is of another project')
  if (!(await isFrom(store, project, revision, proof))) throw new Error('the snapshot was made from another store')
  if (!types.includes(EVERY_TYPE) && (await hasOtherTypes(store, project, types))) {
    throw new Error('the snapshot lacks a resource type of the project')
  }
}

/** Reads the proof for a revision from the store; undefined when its change log has no such revision. */
async function proofOf(store: ReadOnlyTagStore, project: string, revision: number): Promise<Proof | undefined> {
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
