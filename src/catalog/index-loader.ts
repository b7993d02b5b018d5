import type { DamagedRow } from '../store/damaged-row.ts'
import type { SnapshotStore } from '../store/snapshots/snapshot-store.ts'
import { type ReadOnlyTagStore, StoreUnavailable } from '../store/store.ts'
import { keepCheckpoint } from './checkpoints.ts'
import { ProjectIndex } from './project-index.ts'
import { Semaphore } from './semaphore.ts'
import { isSystemError } from './system-error.ts'
import type { SmallIndexes } from './type-index.ts'

/** Changes per read of the change log. */
const CATCH_UP_BATCH = 1000
/** Minimum number of resources for a snapshot: a smaller project loads faster from the store. */
export const SNAPSHOT_SIZE_MIN = 5000
/**
 * Minimum revision of a project that is loaded by the snapshot thread. A project with fewer changes is ready sooner when
 * it is scanned here, in time slices, because the thread has start-up cost and goes through a snapshot.
 */
const DELEGATED_REVISION_MIN = 250_000
/** Concurrent loads of large projects, and of small ones, which do not queue behind the large. */
const CONCURRENT_LOADS_MAX = 2

export type LoaderOptions = {
  readonly store: ReadOnlyTagStore
  /** Where snapshots are saved; without it there are none. */
  readonly snapshots?: SnapshotStore | undefined
  /** Makes a fresh snapshot of a project in another thread; without it, all loads happen in this thread. */
  readonly makeSnapshot?: ((project: string) => Promise<void>) | undefined
  /** See `TagIndexOptions`. */
  readonly seed: number
  /** Packs small indexes; without it none is packed. */
  readonly small?: SmallIndexes | undefined
  /** Called with the reason, for the log, when a snapshot was discarded or could not be made. */
  readonly onSnapshotError: (project: string, error: unknown) => void
  /** Called at each load for each row that is left out because it is damaged. */
  readonly onDamagedRow?: (project: string, row: DamagedRow) => void
}

/** Loads the index of a project: from its snapshot and the changes since then, or else from all its resources. */
export class IndexLoader {
  readonly #options: LoaderOptions
  readonly #small = new Semaphore(CONCURRENT_LOADS_MAX)
  readonly #large = new Semaphore(CONCURRENT_LOADS_MAX)
  #loads = 0

  constructor(options: LoaderOptions) {
    this.#options = options
  }

  /** The number of loads started so far. */
  get loads(): number {
    return this.#loads
  }

  /** Gives an index that is at least as fresh as the call. `revision` is one that the project is known to have reached. */
  async load(project: string, revision: number): Promise<ProjectIndex> {
    if (revision === 0) return new ProjectIndex(this.#options)
    return this.#limit(revision, () => this.#load(project))
  }

  /** Builds the index from the store and ignores snapshots. `revision`: see `load`. */
  scan(project: string, revision: number): Promise<ProjectIndex> {
    return this.#limit(revision, () => this.#scan(project))
  }

  #limit(revision: number, load: () => Promise<ProjectIndex>): Promise<ProjectIndex> {
    return (revision < SNAPSHOT_SIZE_MIN ? this.#small : this.#large).run(() => {
      this.#loads++
      return load()
    })
  }

  async #load(project: string): Promise<ProjectIndex> {
    const { store, makeSnapshot, snapshots } = this.#options
    const restored = await this.#restore(project)
    if (restored !== undefined) return restored
    if (snapshots !== undefined && makeSnapshot !== undefined) {
      const revision = await store.getRevision(project)
      if (revision >= DELEGATED_REVISION_MIN && (await this.#delegate(project, makeSnapshot))) {
        const delegated = await this.#restore(project)
        if (delegated !== undefined) return delegated
      }
    }
    return this.#scan(project)
  }

  async #scan(project: string): Promise<ProjectIndex> {
    const { store, onDamagedRow } = this.#options
    const index = await ProjectIndex.scan(store, project, this.#options)
    for (const row of index.damaged) onDamagedRow?.(project, row)
    return index
  }

  async #delegate(project: string, makeSnapshot: (project: string) => Promise<void>): Promise<boolean> {
    try {
      await makeSnapshot(project)
      return true
    } catch (error) {
      this.#options.onSnapshotError(project, error)
      return false
    }
  }

  /**
   * Restores the index from its snapshot and catches up; undefined when there is no valid snapshot worth using. A snapshot
   * is a cache: only a failure of the store is an error.
   */
  async #restore(project: string): Promise<ProjectIndex | undefined> {
    const { store, snapshots } = this.#options
    if (snapshots === undefined) return undefined
    try {
      const index = await ProjectIndex.restore(snapshots, store, project, this.#options)
      return index !== undefined && (await this.#catchUp(project, index)) ? index : undefined
    } catch (error) {
      // An unavailable store is no evidence against the snapshot.
      if (error instanceof StoreUnavailable) throw error
      this.#options.onSnapshotError(project, error)
      // Neither is an error of the system, such as too many open files.
      if (!isSystemError(error)) await this.#forget(project, snapshots)
      return undefined
    }
  }

  /** Deletes a snapshot. One that cannot be deleted is ignored again by the next load. */
  async #forget(project: string, snapshots: SnapshotStore): Promise<void> {
    try {
      await snapshots.forget(project)
    } catch (error) {
      this.#options.onSnapshotError(project, error)
    }
  }

  /** Gives false when the snapshot is too far behind, so that a scan takes less time, or its log does not continue. */
  async #catchUp(project: string, index: ProjectIndex): Promise<boolean> {
    const { store } = this.#options
    const revision = await store.getRevision(project)
    if (revision - index.revision > Math.max(SNAPSHOT_SIZE_MIN, index.size)) return false
    while (index.revision < revision) {
      const before = index.revision
      await index.apply(await store.changesSince(project, before, CATCH_UP_BATCH, revision))
      if (index.revision === before) return false
    }
    return true
  }
}

/** Saves a fresh snapshot of a project, starting from its last snapshot where that is valid, and keeps it if it is due. */
export async function refreshSnapshot(options: LoaderOptions & { readonly snapshots: SnapshotStore }, project: string) {
  const loader = new IndexLoader({ ...options, makeSnapshot: undefined })
  const revision = await options.store.getRevision(project)
  const loaded = await loader.load(project, revision)
  const index = loaded.isWasteful ? await loader.scan(project, revision) : loaded
  const isSaved = await index.save(options.snapshots, options.store, project)
  if (isSaved) await keepCheckpoint(options, project, index.revision)
}
