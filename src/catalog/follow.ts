import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Change } from '../store/store.ts'
import type { IndexLoader } from './index-loader.ts'
import type { ProjectIndex, ReadsOfTags } from './project-index.ts'

/** Changes that are taken in at a time, before other work gets its turn. */
const CATCH_UP_BATCH = 500

/**
 * Keeps one project's index as fresh as a read needs it. A read asks the store for the project's revision after it
 * arrived; reads that arrive while a question is under way share the next one. If the index is behind, the changes
 * since then are applied before anyone is answered.
 */
export class Follower {
  readonly #store: ReadsOfTags
  readonly #loader: IndexLoader
  readonly #project: string
  #index: ProjectIndex | undefined
  /** How often the index was dropped, so that a read under way does not bring a dropped one back. */
  #drops = 0
  #isRenewing = false
  /** What was committed here and is being taken in. Does not fail. */
  #taking: Promise<void> | undefined
  /** The question that was asked last; it may have been answered long ago. */
  #asked: Promise<unknown> = Promise.resolve()
  /** The question that will be asked when that one is answered. */
  #next: Promise<ProjectIndex> | undefined

  constructor(store: ReadsOfTags, loader: IndexLoader, project: string) {
    this.#store = store
    this.#loader = loader
    this.#project = project
  }

  /** The index as it is now, which may be behind the store; undefined while there is none. */
  get index(): ProjectIndex | undefined {
    return this.#index
  }

  /** Gives the index with every write in it that was acknowledged before the call. */
  fresh(): Promise<ProjectIndex> {
    if (this.#next === undefined) {
      const next: Promise<ProjectIndex> = this.#asked.then(
        () => this.#ask(next),
        () => this.#ask(next),
      )
      this.#next = next
    }
    return this.#next
  }

  /**
   * Takes in what was just committed, if that follows on what the index has; otherwise the next read catches up. Throws when
   * the index cannot; then it is dropped.
   */
  async committed(changes: readonly Change[]): Promise<void> {
    if (this.#index === undefined) return
    const taken = this.#index.apply(changes).catch((error: unknown) => {
      // Half a change is worse than none: the next read starts anew.
      this.drop()
      throw error
    })
    const taking = taken.catch(() => undefined)
    this.#taking = taking
    await taken
    if (this.#taking === taking) this.#taking = undefined
  }

  /** Drops the index; the next read builds it again from the store. */
  drop(): void {
    this.#index = undefined
    this.#drops++
  }

  async #ask(question: Promise<ProjectIndex>): Promise<ProjectIndex> {
    // From here on a read that arrives may have missed the answer, so it gets the next question.
    this.#asked = question
    this.#next = undefined
    const drops = this.#drops
    const revision = await this.#store.getRevision(this.#project)
    // Only waited for where there is something to wait for: every read comes by here.
    if (this.#taking !== undefined) await this.#taking
    const known = this.#index
    const index = known !== undefined && known.revision >= revision ? known : await this.#caughtUp(revision)
    if (drops === this.#drops) this.#index = index
    if (index.isWasteful) this.#renew()
    return index
  }

  /** Loads a new index beside the one in use, which goes on answering until then. */
  #renew(): void {
    if (this.#isRenewing) return
    this.#isRenewing = true
    const drops = this.#drops
    this.#loader
      .scan(this.#project)
      .then((index) => {
        if (drops === this.#drops) this.#index = index
      })
      // The old index is still right; the next read tries again.
      .catch(() => undefined)
      .finally(() => {
        this.#isRenewing = false
      })
  }

  async #caughtUp(revision: number): Promise<ProjectIndex> {
    const index = this.#index ?? (await this.#loader.load(this.#project))
    while (index.revision < revision) {
      // Taken first: what is committed meanwhile moves the index too.
      const before = index.revision
      const changes = await this.#store.changesSince(this.#project, before, CATCH_UP_BATCH)
      try {
        await index.apply(changes)
      } catch (error) {
        // Half a change is worse than none: the next read starts anew.
        this.drop()
        throw error
      }
      // A log that does not go on where the index stands cannot mend it: the store is read anew.
      if (index.revision === before) return this.#loader.scan(this.#project)
      if (index.revision < revision) await nextTurn()
    }
    return index
  }
}
