import type { ResourceType } from '../core/resource-types.ts'
import { compareCodePoints } from '../core/text.ts'
import { TagIndex } from '../search-index/tag-index.ts'
import type { DamagedRow } from '../store/damaged-row.ts'
import type { Snapshot, SnapshotStore } from '../store/snapshots/snapshot-store.ts'
import type { Change, ReadOnlyTagStore } from '../store/store.ts'
import { CommitBoundary } from './commit-boundary.ts'
import { isUsable, proofOf, type SnapshotHead, snapshotHead } from './snapshot-head.ts'
import { TimeSlice } from './time-slice.ts'
import { SmallIndexes, TypeIndex } from './type-index.ts'

/** Longer lists of changes yield before the first change, so that their project's next commit can start. */
const CHANGES_WITHOUT_YIELD_MAX = 64
/** Approximate size of a project's objects, in addition to its indexes. */
const OBJECTS_BYTES = 2048

/** Answers for the types that a project has no index for. Never written to. */
const EMPTY = new TagIndex()

/** Packs nothing. */
const UNLIMITED = new SmallIndexes(Number.POSITIVE_INFINITY)

/** What a project's indexes are made with. `seed`: see `TagIndexOptions`. */
export type IndexParts = { readonly seed: number; readonly small?: SmallIndexes | undefined }

/** The indexes of one project, one per type in use, and the revision that they reflect. */
export class ProjectIndex {
  /** Whether the index stands at the end of a commit. */
  readonly boundary = new CommitBoundary()
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
   * Applies changes in order; skips those up to the current revision, and stops at a gap. A long list yields to the
   * event loop between changes; see `boundary`. Rejects when a change cannot be applied; then the index is unusable.
   */
  async apply(changes: readonly Change[]): Promise<void> {
    const slice = new TimeSlice()
    const isLong = changes.length > CHANGES_WITHOUT_YIELD_MAX
    if (isLong) await slice.yield()
    for (const change of changes) {
      if (isLong && slice.isOver) await slice.yield()
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
   * Builds the index of a project at a revision from the last change of each resource, in order of creation. Yields to the
   * event loop in between.
   */
  static async ofChanges(
    batches: AsyncIterable<readonly Change[]>,
    revision: number,
    parts: IndexParts,
  ): Promise<ProjectIndex> {
    const made = new ProjectIndex(parts)
    const slice = new TimeSlice()
    for await (const changes of batches) {
      for (const change of changes) {
        if (slice.isOver) await slice.yield()
        made.#apply(change)
      }
    }
    made.#revision = revision
    return made
  }

  /**
   * Restores a project's index from its snapshot, which may be behind the store; undefined when there is none from which the
   * change log leads on. Rejects a snapshot that is damaged, of another layout version, of another project or store, or that lacks a type of which the
   * project has resources.
   */
  static async restore(
    snapshots: Pick<SnapshotStore, 'open'>,
    store: ReadOnlyTagStore,
    project: string,
    parts: IndexParts,
  ): Promise<ProjectIndex | undefined> {
    return ProjectIndex.restoreFrom(await snapshots.open(project), store, project, parts)
  }

  /** The same from an open snapshot, which it closes; undefined if `accepts` refuses its revision. */
  static async restoreFrom(
    snapshot: Snapshot | undefined,
    store: ReadOnlyTagStore,
    project: string,
    parts: IndexParts,
    accepts: (revision: number) => boolean = () => true,
  ): Promise<ProjectIndex | undefined> {
    if (snapshot === undefined) return undefined
    try {
      const head = JSON.parse(snapshot.head) as SnapshotHead
      if (!accepts(head.revision) || !(await isUsable(head, store, project))) return undefined
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
    const states = indexes.map(({ type, index }) => ({ type, state: index.state() }))
    const parts = indexes.map(({ index }) => index.memory)
    await snapshots.save(project, JSON.stringify(snapshotHead(project, this.#revision, proof, states)), parts)
    return true
  }
}
