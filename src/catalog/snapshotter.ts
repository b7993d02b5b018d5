import { keepCheckpoint } from './checkpoints.ts'
import { type LoaderOptions, SNAPSHOT_SIZE_MIN } from './index-loader.ts'
import type { ProjectIndex } from './project-index.ts'

/** A snapshot is due after this many changes, or after this fraction of the index has changed, whichever is more. */
const CHANGES_MIN = 20_000
const INDEX_FRACTION = 1 / 4

/** The cached indexes by project; undefined while an index is loading. */
type CachedIndexes = ReadonlyMap<string, { readonly index: ProjectIndex | undefined }>

/** Coalesces calls: a call for a project whose snapshot is being made waits for that one. */
export function coalesceSnapshots(makeSnapshot: LoaderOptions['makeSnapshot']): LoaderOptions['makeSnapshot'] {
  if (makeSnapshot === undefined) return undefined
  const inFlight = new Map<string, Promise<void>>()
  return (project) => {
    const current = inFlight.get(project)
    if (current !== undefined) return current
    const made = makeSnapshot(project).finally(() => inFlight.delete(project))
    inFlight.set(project, made)
    return made
  }
}

/** Makes snapshots of large indexes when enough has changed since the last one. */
export class Snapshotter {
  readonly #cached: CachedIndexes
  readonly #options: LoaderOptions
  /** Revision of each project's last snapshot that this process has made. */
  readonly #revisions = new Map<string, number>()
  /** Projects whose index was evicted while its snapshot was due. */
  readonly #evicted = new Set<string>()
  #run: Promise<void> | undefined

  constructor(cached: CachedIndexes, options: LoaderOptions) {
    this.#cached = cached
    this.#options = options
  }

  /** The projects that have a snapshot, the most recently saved first. */
  async projects(): Promise<readonly string[]> {
    return (await this.#options.snapshots?.list()) ?? []
  }

  /** Makes all due snapshots in the snapshot thread, one after the other. A call during a run waits for that run. */
  makeDue(): Promise<void> {
    this.#run ??= this.#makeAll().finally(() => {
      this.#run = undefined
    })
    return this.#run
  }

  /** Makes the snapshot of an evicted index if it is due; the snapshot thread reads the project from the store. */
  evicted(project: string, index: ProjectIndex): void {
    if (this.#options.makeSnapshot === undefined || !this.#isDue(project, index)) return
    this.#evicted.add(project)
    void this.makeDue()
  }

  /** Saves every large cached index that has changed since its last snapshot. */
  async saveAll(): Promise<void> {
    await this.#run
    const { snapshots, store } = this.#options
    if (snapshots === undefined) return
    for (const [project, { index }] of this.#cached) {
      if (index === undefined || index.size < SNAPSHOT_SIZE_MIN || index.damaged.length > 0) continue
      if (index.revision === this.#snapshotRevision(project, index)) continue
      await this.#attempt(project, async () => {
        if (await index.save(snapshots, store, project))
          await keepCheckpoint({ snapshots, store }, project, index.revision)
      })
    }
  }

  async #makeAll(): Promise<void> {
    const { makeSnapshot } = this.#options
    if (makeSnapshot === undefined) return
    // The iteration includes projects that are added during it.
    for (const project of this.#evicted) {
      this.#evicted.delete(project)
      await this.#attempt(project, () => makeSnapshot(project))
    }
    for (const [project, { index }] of [...this.#cached]) {
      if (index === undefined || !this.#isDue(project, index)) continue
      const { revision } = index
      await this.#attempt(project, async () => {
        await makeSnapshot(project)
        this.#revisions.set(project, revision)
      })
    }
    // For evicted projects, `loadedRevision` has the revision once they are loaded again.
    for (const project of this.#revisions.keys()) if (!this.#cached.has(project)) this.#revisions.delete(project)
  }

  #isDue(project: string, index: ProjectIndex): boolean {
    if (index.size < SNAPSHOT_SIZE_MIN || index.damaged.length > 0) return false
    const changes = index.revision - this.#snapshotRevision(project, index)
    return changes >= Math.max(CHANGES_MIN, index.size * INDEX_FRACTION)
  }

  #snapshotRevision(project: string, { loadedRevision }: ProjectIndex): number {
    return Math.max(this.#revisions.get(project) ?? 0, loadedRevision)
  }

  /** A missing snapshot only makes the next start slower, so an error is reported and not thrown. */
  async #attempt(project: string, task: () => Promise<void>): Promise<void> {
    try {
      await task()
    } catch (error) {
      this.#options.onSnapshotError(project, error)
    }
  }
}
