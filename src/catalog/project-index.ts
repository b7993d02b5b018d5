import { RESOURCE_TYPES, type ResourceType } from '../core/resource-type.ts'
import type { IndexState } from '../search-index/index-state.ts'
import { TagIndex } from '../search-index/tag-index.ts'
import type { SnapshotStore } from '../store/snapshots/snapshot-store.ts'
import type { Change, ReadOnlyTagStore } from '../store/store.ts'
import { TimeSlice } from './time-slice.ts'

/** Raised with every change of what a snapshot's bytes mean. */
const LAYOUT_VERSION = 1
/** How long an index takes resources in before something else gets a turn. */
const SLICE_MS = 3
/** So many changes are taken in at once; more of them begin with a turn for everything else, such as their next commit. */
const CHANGES_AT_ONCE_MAX = 64
/** What the objects take that an index has beside its memory, about. */
const BYTES_BESIDE = 16_384

/** A change by which a snapshot knows its store again: another store has another one at that revision. */
type Proof = { readonly requestId: string; readonly atMs: number; readonly id: string }

type SnapshotHead = {
  readonly layout: number
  readonly project: string
  readonly revision: number
  readonly proof: Proof
  /** The types that the writer knew. Heads without it are from a time when `indexes` had an entry for each of them. */
  readonly types?: readonly string[]
  /** One entry per part, for the types that the project has an index of. */
  readonly indexes: readonly { readonly type: string; readonly state: IndexState }[]
}

/** Answers for the types that a project has no index of. Never written to. */
const EMPTY = new TagIndex()

/** The indexes of one project, one per type that was ever written, and the revision that they reflect. */
export class ProjectIndex {
  #revision = 0
  #loadedRevision = 0
  /** What kept a change from being taken in whole: from then on nothing may be answered from here. */
  #fault: unknown
  readonly #indexes = new Map<string, TagIndex>()
  readonly #seed: number

  /** Makes an index without resources. `seed`: see `TagIndexOptions`. */
  constructor(seed: number) {
    this.#seed = seed
  }

  get revision(): number {
    return this.#revision
  }

  /** The revision of the snapshot that it comes from, 0 when it comes from none. */
  get loadedRevision(): number {
    return this.#loadedRevision
  }

  /** How many resources it holds. */
  get size(): number {
    return [...this.#indexes.values()].reduce((sum, { size }) => sum + size, 0)
  }

  /** How many bytes it takes, about. */
  get bytes(): number {
    let bytes = BYTES_BESIDE
    for (const index of this.#indexes.values()) bytes += index.bytes
    return bytes
  }

  /** The index of a type, to read from. Throws when a change was applied in part. */
  of(type: ResourceType): TagIndex {
    if (this.#fault !== undefined) throw this.#fault
    return this.#indexes.get(type) ?? EMPTY
  }

  /** True when it is time for a new one, see `TagIndex.isWasteful`. */
  get isWasteful(): boolean {
    for (const index of this.#indexes.values()) if (index.isWasteful) return true
    return false
  }

  /** Takes in changes in order; those it has already are passed over, and a hole stops it. Lets other work run between. */
  async apply(changes: readonly Change[]): Promise<void> {
    const slice = new TimeSlice(SLICE_MS)
    if (changes.length > CHANGES_AT_ONCE_MAX) await slice.yield()
    for (const change of changes) {
      if (slice.isOver) await slice.yield()
      // What somebody else has applied meanwhile is passed over.
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
    if (change.after === undefined) index.remove(change.id)
    else {
      const { id, sequence, createdAtMs, atMs } = change
      index.put({ ...change.after, id, sequence, createdAtMs, updatedAtMs: atMs })
    }
    this.#revision = change.revision
  }

  #writable(type: ResourceType): TagIndex {
    if (this.#fault !== undefined) throw this.#fault
    let index = this.#indexes.get(type)
    if (index === undefined) {
      index = new TagIndex({ seed: this.#seed })
      this.#indexes.set(type, index)
    }
    return index
  }

  /** Reads a project as it is now. Lets other work run in between. */
  static async scan(store: ReadOnlyTagStore, project: string, seed: number): Promise<ProjectIndex> {
    const scanned = new ProjectIndex(seed)
    const { revision, batches } = await store.scan(project, RESOURCE_TYPES)
    const slice = new TimeSlice(SLICE_MS)
    for await (const resources of batches) {
      for (const resource of resources) {
        if (slice.isOver) await slice.yield()
        scanned.#writable(resource.type).put(resource)
      }
      await slice.yield()
    }
    scanned.#revision = revision
    return scanned
  }

  /**
   * Reads a project's snapshot, which may be behind the store; undefined when there is none. Rejects a snapshot that is
   * damaged, of another layout version, of another project or store, or that lacks a type of which the project has
   * resources. `seed` is for types that are first written later.
   */
  static async restore(
    snapshots: SnapshotStore,
    store: ReadOnlyTagStore,
    project: string,
    seed: number,
  ): Promise<ProjectIndex | undefined> {
    const snapshot = await snapshots.open(project)
    if (snapshot === undefined) return undefined
    try {
      const {
        layout,
        revision,
        proof,
        indexes,
        types = indexes.map(({ type }) => type),
        ...head
      } = JSON.parse(snapshot.head) as SnapshotHead
      if (layout !== LAYOUT_VERSION) throw new Error('it was made by another version')
      if (head.project !== project) throw new Error('it is of something else')
      if (!(await isFrom(store, project, revision, proof))) throw new Error('it was made from another store')
      // A project that has no resources of a type has none to miss in its snapshot, so a new type discards no snapshot.
      const missing = RESOURCE_TYPES.filter((type) => !types.includes(type))
      if (await hasAny(store, project, missing)) throw new Error('it is of something else')
      const restored = new ProjectIndex(seed)
      for (const [part, { type, state }] of indexes.entries()) {
        const index = TagIndex.restore(state)
        await snapshot.read(part, index.memory)
        restored.#indexes.set(type, index)
      }
      restored.#revision = revision
      restored.#loadedRevision = revision
      return restored
    } finally {
      await snapshot.close()
    }
  }

  /**
   * Saves a snapshot. The index must not be used until that is done. Gives false when there is nothing to save: the
   * project was never written.
   */
  async save(snapshots: SnapshotStore, store: ReadOnlyTagStore, project: string): Promise<boolean> {
    const proof = await proofOf(store, project, this.#revision)
    if (proof === undefined) return false
    if (this.#fault !== undefined) throw this.#fault
    const head: SnapshotHead = {
      layout: LAYOUT_VERSION,
      project,
      revision: this.#revision,
      proof,
      types: RESOURCE_TYPES,
      indexes: Array.from(this.#indexes, ([type, index]) => ({ type, state: index.state() })),
    }
    const parts = Array.from(this.#indexes.values(), ({ memory }) => memory)
    await snapshots.save(project, JSON.stringify(head), parts)
    return true
  }
}

/** What the store says of the change that led to a revision; undefined when it knows of none. */
async function proofOf(store: ReadOnlyTagStore, project: string, revision: number): Promise<Proof | undefined> {
  const [change] = revision === 0 ? [] : await store.changesSince(project, revision - 1, 1)
  if (change?.revision !== revision) return undefined
  const { requestId, atMs, id } = change
  return { requestId, atMs, id }
}

async function isFrom(store: ReadOnlyTagStore, project: string, revision: number, proof: Proof): Promise<boolean> {
  const known = await proofOf(store, project, revision)
  return known?.requestId === proof.requestId && known.atMs === proof.atMs && known.id === proof.id
}

async function hasAny(store: ReadOnlyTagStore, project: string, types: readonly ResourceType[]): Promise<boolean> {
  if (types.length === 0) return false
  const { batches } = await store.scan(project, types)
  for await (const resources of batches) if (resources.length > 0) return true
  return false
}
