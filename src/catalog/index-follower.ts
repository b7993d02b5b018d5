import { setImmediate as nextTick } from 'node:timers/promises'
import { DamagedRow } from '../store/damaged-row.ts'
import type { Change, ReadOnlyTagStore } from '../store/store.ts'
import type { IndexLoader } from './index-loader.ts'
import type { ProjectIndex } from './project-index.ts'

/** Changes per read of the change log; the follower yields to the event loop between reads. */
const CATCH_UP_BATCH = 500
/** Resolved placeholder; must not reference an index, or evicted ones could not be garbage-collected. */
const NO_CHECK: Promise<unknown> = Promise.resolve()

/** Called by a follower. Neither function may throw. */
export type FollowerEvents = {
  /** The index may have been replaced or resized; `wasRead` says if it was for a read. */
  readonly onUpdated: (wasRead: boolean) => void
  /** A read found the index this many revisions behind the store. */
  readonly onBehind: (revisions: number) => void
}

/**
 * Keeps the index of one project fresh. Each read is preceded by a revision check: the store is asked for the project's
 * revision after the read arrived, and an index that is behind applies the changes since then. Reads that arrive while
 * a check is in flight share the next check.
 */
export class IndexFollower {
  readonly #store: ReadOnlyTagStore
  readonly #loader: IndexLoader
  readonly #project: string
  readonly #onUpdated: FollowerEvents['onUpdated']
  readonly #onBehind: FollowerEvents['onBehind']
  #index: ProjectIndex | undefined
  /** Counts `drop` calls, so that a check in flight does not restore a dropped index. */
  #drops = 0
  #isRebuilding = false
  /** The last call of `applyCommitted` while it is in progress. Never rejects. */
  #applying: Promise<void> | undefined
  /** The check in flight. */
  #check = NO_CHECK
  /** The check that starts when that one is done. */
  #nextCheck: Promise<ProjectIndex> | undefined

  constructor(
    store: ReadOnlyTagStore,
    loader: IndexLoader,
    project: string,
    { onUpdated, onBehind }: FollowerEvents = { onUpdated: () => undefined, onBehind: () => undefined },
  ) {
    this.#store = store
    this.#loader = loader
    this.#project = project
    this.#onUpdated = onUpdated
    this.#onBehind = onBehind
  }

  /** The current index, possibly behind the store; undefined while there is none. */
  get index(): ProjectIndex | undefined {
    return this.#index
  }

  /** True when no check, no `applyCommitted` and no rebuild is in progress. */
  get isIdle(): boolean {
    const isChecking = this.#check !== NO_CHECK || this.#nextCheck !== undefined
    return !isChecking && this.#applying === undefined && !this.#isRebuilding
  }

  /** Gives an index that contains every write acknowledged before the call. Rejects when the store fails. */
  fresh(): Promise<ProjectIndex> {
    if (this.#nextCheck === undefined) {
      const next: Promise<ProjectIndex> = this.#check.then(
        () => this.#startCheck(next),
        () => this.#startCheck(next),
      )
      this.#nextCheck = next
    }
    return this.#nextCheck
  }

  /**
   * Applies changes that this process has committed, if they follow on the index's revision; otherwise the next read
   * catches up. Rejects when the index cannot apply them, after dropping it.
   */
  async applyCommitted(changes: readonly Change[]): Promise<void> {
    const index = this.#index
    if (index === undefined) return
    const applied = index.boundary
      .within(() => index.apply(changes))
      .catch((error: unknown) => {
        // The index may contain a part of a change; the next read loads a new one.
        this.drop()
        throw error
      })
    const applying = applied.catch(() => undefined)
    this.#applying = applying
    try {
      await applied
    } finally {
      if (this.#applying === applying) this.#applying = undefined
      this.#onUpdated(false)
    }
  }

  /** Drops the index; the next read loads it again. */
  drop(): void {
    this.#index = undefined
    this.#drops++
  }

  async #startCheck(check: Promise<ProjectIndex>): Promise<ProjectIndex> {
    // A read that arrives from here on may miss a write in this check's revision, so it joins the next check.
    this.#check = check
    this.#nextCheck = undefined
    try {
      return await this.#freshIndex()
    } finally {
      this.#check = NO_CHECK
      this.#onUpdated(true)
    }
  }

  async #freshIndex(): Promise<ProjectIndex> {
    const revision = await this.#store.getRevision(this.#project)
    // Every read passes here: no await, hence no delay, when nothing is being applied.
    if (this.#applying !== undefined) await this.#applying
    const drops = this.#drops
    const current = this.#index
    const index = current !== undefined && current.revision >= revision ? current : await this.#caughtUp(revision)
    if (drops === this.#drops) this.#index = index
    // A large commit of this process is applied in parts, and none of the states between was ever committed.
    if (this.#applying !== undefined) await this.#applying
    if (index.isWasteful && this.#index === index) this.#rebuild(revision)
    return index
  }

  /** Loads a compact index in the background; the current one answers until the new one replaces it. */
  #rebuild(revision: number): void {
    if (this.#isRebuilding) return
    this.#isRebuilding = true
    const drops = this.#drops
    this.#loader
      .scan(this.#project, revision)
      .then((index) => {
        if (drops === this.#drops) this.#index = index
      })
      // The current index is still correct; the next read retries.
      .catch(() => undefined)
      .finally(() => {
        this.#isRebuilding = false
        this.#onUpdated(false)
      })
  }

  async #caughtUp(revision: number): Promise<ProjectIndex> {
    if (this.#index !== undefined) this.#onBehind(revision - this.#index.revision)
    const index = this.#index ?? (await this.#loader.load(this.#project, revision))
    return index.boundary.within(() => this.#catchUp(index, revision))
  }

  /** Applies the changes up to a revision, the end of a commit. Gives another index if the log does not tell them. */
  async #catchUp(index: ProjectIndex, revision: number): Promise<ProjectIndex> {
    while (index.revision < revision) {
      // Read before the await: commits of this process advance the index meanwhile.
      const before = index.revision
      const changes = await this.#changesSince(before, revision)
      // A damaged change says nothing about the resources, which may be sound.
      if (changes === undefined) return this.#loader.scan(this.#project, revision)
      try {
        await index.apply(changes)
      } catch (error) {
        // The index may contain a part of a change; the next read loads a new one.
        this.drop()
        throw error
      }
      // The change log does not continue at the index's revision, so the project is scanned again.
      if (index.revision === before) return this.#loader.scan(this.#project, revision)
      if (index.revision < revision) await nextTick()
    }
    return index
  }

  /**
   * Gives the next changes of the log; undefined when one of them is damaged. None is above `upTo`, the end of a commit: an
   * index that stops elsewhere would answer from the middle of a later one.
   */
  async #changesSince(revision: number, upTo: number): Promise<readonly Change[] | undefined> {
    try {
      return await this.#store.changesSince(this.#project, revision, CATCH_UP_BATCH, upTo)
    } catch (error) {
      if (error instanceof DamagedRow) return undefined
      throw error
    }
  }
}
