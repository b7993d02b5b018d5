import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Change, ReadOnlyTagStore } from '../store/store.ts'
import type { IndexLoader } from './index-loader.ts'
import type { ProjectIndex } from './project-index.ts'

/** Changes that are taken in at a time, before other work gets its turn. */
const CATCH_UP_BATCH = 500
/** A question that was answered. It holds no answer, so that an index that is dropped is let go of. */
const ANSWERED: Promise<unknown> = Promise.resolve()

/**
 * Keeps one project's index as fresh as a read needs it. A read asks the store for the project's revision after it
 * arrived; reads that arrive while a question is under way share the next one. If the index is behind, the changes
 * since then are applied before anyone is answered.
 */
export class IndexFollower {
  readonly #store: ReadOnlyTagStore
  readonly #loader: IndexLoader
  readonly #project: string
  readonly #onSettled: (wasAsked: boolean) => void
  #index: ProjectIndex | undefined
  /** How often the index was dropped, so that a read under way does not bring a dropped one back. */
  #drops = 0
  #isRenewing = false
  /** What was committed here and is being taken in. Does not fail. */
  #taking: Promise<void> | undefined
  /** The question that is under way. */
  #asked = ANSWERED
  /** The question that will be asked when that one is answered. */
  #next: Promise<ProjectIndex> | undefined

  /** `onSettled` is called when the index may be another one or of another size: after a question, if it was asked, and else. */
  constructor(
    store: ReadOnlyTagStore,
    loader: IndexLoader,
    project: string,
    onSettled: (wasAsked: boolean) => void = () => undefined,
  ) {
    this.#store = store
    this.#loader = loader
    this.#project = project
    this.#onSettled = onSettled
  }

  /** The index as it is now, which may be behind the store; undefined while there is none. */
  get index(): ProjectIndex | undefined {
    return this.#index
  }

  /** True when nothing is under way: no question, no commit that is taken in, no new index. */
  get isIdle(): boolean {
    const isAsked = this.#asked !== ANSWERED || this.#next !== undefined
    return !isAsked && this.#taking === undefined && !this.#isRenewing
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
    try {
      await taken
    } finally {
      if (this.#taking === taking) this.#taking = undefined
      this.#onSettled(false)
    }
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
    try {
      return await this.#answer()
    } finally {
      this.#asked = ANSWERED
      this.#onSettled(true)
    }
  }

  async #answer(): Promise<ProjectIndex> {
    const revision = await this.#store.getRevision(this.#project)
    // Only waited for where there is something to wait for: every read comes by here.
    if (this.#taking !== undefined) await this.#taking
    const drops = this.#drops
    const known = this.#index
    const index = known !== undefined && known.revision >= revision ? known : await this.#caughtUp(revision)
    if (drops === this.#drops) this.#index = index
    if (index.isWasteful && this.#index === index) this.#renew(revision)
    return index
  }

  /** Loads a new index beside the one in use, which goes on answering until then. */
  #renew(revision: number): void {
    if (this.#isRenewing) return
    this.#isRenewing = true
    const drops = this.#drops
    this.#loader
      .scan(this.#project, revision)
      .then((index) => {
        if (drops === this.#drops) this.#index = index
      })
      // The old index is still right; the next read tries again.
      .catch(() => undefined)
      .finally(() => {
        this.#isRenewing = false
        this.#onSettled(false)
      })
  }

  async #caughtUp(revision: number): Promise<ProjectIndex> {
    const index = this.#index ?? (await this.#loader.load(this.#project, revision))
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
      if (index.revision === before) return this.#loader.scan(this.#project, revision)
      if (index.revision < revision) await nextTurn()
    }
    return index
  }
}
