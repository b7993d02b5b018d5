import { setImmediate as nextTurn } from 'node:timers/promises'
import { RESOURCE_TYPES, type ResourceType } from '../core/resource-type.ts'
import { TagIndex } from '../core/tag-index.ts'
import type { Change, TagStore } from '../store/store.ts'

const CATCH_UP_BATCH = 1000
/** Resources that an index takes in before something else gets a turn: a few milliseconds' work. */
const RESOURCES_PER_TURN = 50

/** The indexes of one project and the revision that they reflect. */
export class ProjectIndex {
  #revision = 0
  readonly #indexes = new Map<ResourceType, TagIndex>(RESOURCE_TYPES.map((type) => [type, new TagIndex()]))

  get revision(): number {
    return this.#revision
  }

  of(type: ResourceType): TagIndex {
    return this.#indexes.get(type) as TagIndex
  }

  /** True when it is time for a new one, see `TagIndex.isWasteful`. */
  get isWasteful(): boolean {
    return [...this.#indexes.values()].some((index) => index.isWasteful)
  }

  /** Takes in changes in order; those it has already are passed over, and a hole stops it. Lets other work run between. */
  async apply(changes: readonly Change[]): Promise<void> {
    for (let i = 0; i < changes.length; i += RESOURCES_PER_TURN) {
      if (i > 0) await nextTurn()
      // What somebody else has applied meanwhile is passed over.
      this.#apply(changes.slice(i, i + RESOURCES_PER_TURN))
    }
  }

  #apply(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.revision <= this.#revision) continue
      if (change.revision > this.#revision + 1) return
      const index = this.of(change.type)
      if (change.after === undefined) index.remove(change.id)
      else {
        const { id, sequence, createdAtMs, atMs } = change
        index.put({ ...change.after, id, sequence, createdAtMs, updatedAtMs: atMs })
      }
      this.#revision = change.revision
    }
  }

  /** Reads a project as it is now. Lets other work run between batches. */
  static async load(store: TagStore, project: string): Promise<ProjectIndex> {
    const loaded = new ProjectIndex()
    const { revision, batches } = await store.scan(project, RESOURCE_TYPES)
    for await (const resources of batches) {
      for (let i = 0; i < resources.length; i += RESOURCES_PER_TURN) {
        for (const resource of resources.slice(i, i + RESOURCES_PER_TURN)) loaded.of(resource.type).put(resource)
        await nextTurn()
      }
    }
    loaded.#revision = revision
    return loaded
  }
}

/**
 * Keeps one project's index as fresh as a read needs it. A read asks the store for the project's revision after it
 * arrived; reads that arrive while a question is under way share the next one. If the index is behind, the changes
 * since then are applied before anyone is answered.
 */
export class Follower {
  readonly #store: TagStore
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

  constructor(store: TagStore, project: string) {
    this.#store = store
    this.#project = project
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
    this.#taking = taken.catch(() => undefined)
    await taken
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
    await this.#taking
    const index = await this.#caughtUp(revision)
    if (drops === this.#drops) this.#index = index
    if (index.isWasteful) this.#renew()
    return index
  }

  /** Loads a new index beside the one in use, which goes on answering until then. */
  #renew(): void {
    if (this.#isRenewing) return
    this.#isRenewing = true
    const drops = this.#drops
    ProjectIndex.load(this.#store, this.#project)
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
    const index = this.#index ?? (await ProjectIndex.load(this.#store, this.#project))
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
      if (index.revision === before) return ProjectIndex.load(this.#store, this.#project)
    }
    return index
  }
}
