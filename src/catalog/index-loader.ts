import type { SnapshotStore } from '../store/snapshots/snapshot-store.ts'
import { type ReadOnlyTagStore, StoreUnavailable } from '../store/store.ts'
import { ProjectIndex } from './project-index.ts'
import { Semaphore } from './semaphore.ts'

/** Changes that are asked for at a time. */
const CATCH_UP_BATCH = 1000
/** A smaller project is read anew faster than a snapshot is worth. */
export const SNAPSHOT_SIZE_MIN = 5000
/**
 * From so many changes on a project may be so large that it is better read by another thread. A smaller one is answered
 * sooner when it is read here, in turns with everything else: the other way takes a thread and a snapshot first.
 */
const REVISION_TO_DELEGATE = 250_000
/** So many large projects are loaded at a time, and as many small ones beside them, which need not wait for those. */
const LOADS_AT_A_TIME_MAX = 2

export type LoaderOptions = {
  readonly store: ReadOnlyTagStore
  /** Where snapshots are kept; without it there are none. */
  readonly snapshots?: SnapshotStore | undefined
  /** Lets a thread of its own make a fresh snapshot of a project; without it that is done here. */
  readonly makeSnapshot?: ((project: string) => Promise<void>) | undefined
  /** See `TagIndexOptions`. */
  readonly seed: number
  /** Told of a snapshot that was not believed, or could not be made, and why: for the log. */
  readonly onSnapshotError: (project: string, error: unknown) => void
}

/** Gets the index of a project: from its snapshot and the changes since then, or else by reading the project anew. */
export class IndexLoader {
  readonly #options: LoaderOptions
  readonly #small = new Semaphore(LOADS_AT_A_TIME_MAX)
  readonly #large = new Semaphore(LOADS_AT_A_TIME_MAX)
  #loads = 0

  constructor(options: LoaderOptions) {
    this.#options = options
  }

  /** How many indexes were loaded so far, or tried to be. */
  get loads(): number {
    return this.#loads
  }

  /** Gives the index as of a moment after the call. `revision`: one that the project is known to have reached. */
  async load(project: string, revision: number): Promise<ProjectIndex> {
    if (revision === 0) return new ProjectIndex(this.#options.seed)
    return this.#inTurn(revision, () => this.#load(project))
  }

  /** Gives the index read anew, whatever snapshots say. `revision`: see `load`. */
  scan(project: string, revision: number): Promise<ProjectIndex> {
    return this.#inTurn(revision, () => this.#scan(project))
  }

  #inTurn(revision: number, load: () => Promise<ProjectIndex>): Promise<ProjectIndex> {
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
      if (revision >= REVISION_TO_DELEGATE && (await this.#delegate(project, makeSnapshot))) {
        const made = await this.#restore(project)
        if (made !== undefined) return made
      }
    }
    return this.#scan(project)
  }

  #scan(project: string): Promise<ProjectIndex> {
    return ProjectIndex.scan(this.#options.store, project, this.#options.seed)
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

  /** The index from a snapshot, caught up; undefined when there is none that can be believed and is worth it. */
  async #restore(project: string): Promise<ProjectIndex | undefined> {
    const { store, snapshots, seed } = this.#options
    if (snapshots === undefined) return undefined
    let index: ProjectIndex | undefined
    try {
      index = await ProjectIndex.restore(snapshots, store, project, seed)
    } catch (error) {
      // That the store is away says nothing about the snapshot.
      if (error instanceof StoreUnavailable) throw error
      this.#options.onSnapshotError(project, error)
      await snapshots.forget(project)
      return undefined
    }
    return index !== undefined && (await this.#catchUp(project, index)) ? index : undefined
  }

  /** Gives false when reading the project anew takes less than what came since then. */
  async #catchUp(project: string, index: ProjectIndex): Promise<boolean> {
    const { store } = this.#options
    const revision = await store.getRevision(project)
    if (revision - index.revision > Math.max(SNAPSHOT_SIZE_MIN, index.size)) return false
    while (index.revision < revision) {
      const before = index.revision
      await index.apply(await store.changesSince(project, before, CATCH_UP_BATCH))
      if (index.revision === before) return false
    }
    return true
  }
}

/** Makes a fresh snapshot of a project, from its last one where that can be believed. */
export async function refreshSnapshot(options: LoaderOptions & { readonly snapshots: SnapshotStore }, project: string) {
  const loader = new IndexLoader({ ...options, makeSnapshot: undefined })
  const revision = await options.store.getRevision(project)
  const loaded = await loader.load(project, revision)
  const index = loaded.isWasteful ? await loader.scan(project, revision) : loaded
  await index.save(options.snapshots, options.store, project)
}
