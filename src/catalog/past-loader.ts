import { DomainError } from '../core/errors.ts'
import type { SnapshotStore } from '../store/snapshots/snapshot-store.ts'
import { StoreUnavailable } from '../store/store.ts'
import { HorizonMoved, indexAtHorizon } from './horizon-base.ts'
import type { LoaderOptions } from './index-loader.ts'
import { ProjectIndex } from './project-index.ts'
import { Semaphore } from './semaphore.ts'
import { isSystemError } from './system-error.ts'

/** Changes per read of the change log. */
const BATCH = 500
/** Concurrent loads of all projects. */
const CONCURRENT_LOADS_MAX = 2
/** Loads of one project: one in progress, and one that waits for it. */
const LOADS_PER_PROJECT_MAX = 2
/** How often a load starts again because the horizon has moved above its start. */
const TRIES_MAX = 5

type Load = { readonly revision: number; readonly index: Promise<ProjectIndex> }

/**
 * Loads indexes that stand at an earlier revision: from the latest checkpoint at or below it, else from the state at the
 * horizon, else from nothing, and the changes from there on. There is no way back from the present: a resource that was
 * deleted since would come after those that were created later.
 */
export class PastLoader {
  readonly #options: LoaderOptions
  readonly #semaphore = new Semaphore(CONCURRENT_LOADS_MAX)
  readonly #loads = new Map<string, readonly Load[]>()
  #count = 0

  constructor(options: LoaderOptions) {
    this.#options = options
  }

  /** The number of loads started so far. */
  get loads(): number {
    return this.#count
  }

  /**
   * Gives the index of a project at a revision that it has reached. Calls for one revision share a load. A call for another
   * one waits for the load in progress, and a third is refused with `overloaded`. Throws `HorizonMoved` when the horizon is
   * above the revision.
   */
  async load(project: string, revision: number): Promise<ProjectIndex> {
    const loads = this.#loads.get(project) ?? []
    const same = loads.find((load) => load.revision === revision)
    if (same !== undefined) return same.index
    if (loads.length >= LOADS_PER_PROJECT_MAX) throw new DomainError('overloaded', { retryAfterSeconds: 1 })
    const load: Load = {
      revision,
      index: this.#after(loads.at(-1), project, revision).finally(() => this.#end(project, load)),
    }
    this.#loads.set(project, [...loads, load])
    return load.index
  }

  /**
   * The same for a caller that has the index alone, and may take it on by `advance`. It waits while other indexes are
   * loaded.
   */
  loadOwn(project: string, revision: number): Promise<ProjectIndex> {
    return this.#semaphore.run(() => {
      this.#count++
      return this.#load(project, revision)
    })
  }

  /** Applies the changes up to a later revision to an index. Throws `HorizonMoved` when some are gone. */
  async advance(project: string, index: ProjectIndex, revision: number): Promise<void> {
    const { store } = this.#options
    while (index.revision < revision) {
      const before = index.revision
      await index.apply(await store.changesSince(project, before, BATCH, revision))
      // The next change was deleted, or is above the revision.
      if (index.revision === before) throw new HorizonMoved()
    }
  }

  #end(project: string, ended: Load): void {
    const rest = (this.#loads.get(project) ?? []).filter((load) => load !== ended)
    if (rest.length > 0) this.#loads.set(project, rest)
    else this.#loads.delete(project)
  }

  async #after(before: Load | undefined, project: string, revision: number): Promise<ProjectIndex> {
    await before?.index.catch(() => undefined)
    return this.loadOwn(project, revision)
  }

  async #load(project: string, revision: number): Promise<ProjectIndex> {
    const { store } = this.#options
    for (let tries = 1; ; tries++) {
      const { horizon } = await store.getHistoryState(project)
      if (revision < horizon) throw new HorizonMoved()
      try {
        const index = await this.#start(project, horizon, revision)
        await this.advance(project, index, revision)
        return index
      } catch (error) {
        if (!(error instanceof HorizonMoved) || tries === TRIES_MAX) throw error
      }
    }
  }

  /** Gives an index from which the changes lead to the revision. */
  async #start(project: string, horizon: number, revision: number): Promise<ProjectIndex> {
    const { store, snapshots } = this.#options
    const isBetween = (start: number) => start >= horizon && start <= revision
    const restored = snapshots && (await this.#restore(snapshots, project, isBetween))
    if (restored !== undefined) return restored
    return horizon === 0 ? new ProjectIndex(this.#options) : indexAtHorizon(store, project, horizon, this.#options)
  }

  /** Restores the latest of the snapshots with a revision that is accepted; those that are not valid are deleted. */
  async #restore(
    snapshots: SnapshotStore,
    project: string,
    accepts: (revision: number) => boolean,
  ): Promise<ProjectIndex | undefined> {
    const last = await this.#attempt(
      project,
      () => snapshots.open(project),
      () => snapshots.forget(project),
      accepts,
    )
    if (last !== undefined) return last
    for (const { revision } of (await this.#listKept(snapshots, project)).toReversed()) {
      if (!accepts(revision)) continue
      const forget = () => snapshots.forgetKept(project, revision)
      const isOf = (found: number) => found === revision
      const kept = await this.#attempt(project, () => snapshots.openKept(project, revision), forget, isOf)
      if (kept !== undefined) return kept
    }
    return undefined
  }

  async #listKept(snapshots: SnapshotStore, project: string) {
    try {
      return await snapshots.listKept(project)
    } catch (error) {
      this.#options.onSnapshotError(project, error)
      return []
    }
  }

  /** A snapshot is a cache: only a failure of the store is an error. */
  async #attempt(
    project: string,
    open: () => ReturnType<SnapshotStore['open']>,
    forget: () => Promise<void>,
    accepts: (revision: number) => boolean,
  ): Promise<ProjectIndex | undefined> {
    const { store, onSnapshotError } = this.#options
    try {
      return await ProjectIndex.restoreFrom(await open(), store, project, this.#options, accepts)
    } catch (error) {
      // An unavailable store is no evidence against the snapshot.
      if (error instanceof StoreUnavailable) throw error
      onSnapshotError(project, error)
      // Neither is an error of the system, such as too many open files.
      if (!isSystemError(error)) await forget().catch((failure: unknown) => onSnapshotError(project, failure))
      return undefined
    }
  }
}
