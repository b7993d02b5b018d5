import { DomainError } from '../core/errors.ts'
import type { TagStore, Verdict, WriteRequest } from '../store/store.ts'

/** Requests that came together and are answered together. */
type Entry = {
  readonly requests: readonly WriteRequest[]
  readonly resolve: (verdicts: readonly Verdict[]) => void
  readonly reject: (error: unknown) => void
}

/** How long a caller that was turned away should wait. */
const RETRY_AFTER_SECONDS = 1
/** A queue is long when so much of a full commit waits in it. */
const LONG_QUEUE = 1 / 4

/**
 * Group commit: while one commit of a project is under way, its next writes gather, and go together when it is done; those
 * that came together are not parted.
 * Every write gets its own verdict. The queue has an end: past it a write is refused at once with `overloaded`, and a
 * store that fails answers `unavailable`; neither has changed anything.
 */
export class GroupCommit {
  readonly #store: TagStore
  readonly #queueMax: number
  readonly #batchMax: number
  readonly #onCommitted: (project: string, verdicts: readonly Verdict[]) => Promise<void>
  readonly #onStoreError: (error: unknown) => void
  readonly #queues = new Map<string, Entry[]>()
  #queued = 0

  constructor(options: {
    readonly store: TagStore
    /** Writes that may wait over all projects. */
    readonly queueMax: number
    /** Writes that go into one commit. */
    readonly batchMax: number
    /** Told of each commit's verdicts; the callers are when it is done with them. Must not fail. */
    readonly onCommitted: (project: string, verdicts: readonly Verdict[]) => Promise<void>
    /** Told of a commit that failed, after its callers are. Must not throw. */
    readonly onStoreError: (error: unknown) => void
  }) {
    this.#store = options.store
    this.#queueMax = options.queueMax
    this.#batchMax = options.batchMax
    this.#onCommitted = options.onCommitted
    this.#onStoreError = options.onStoreError
  }

  /** How many writes wait or are under way. */
  get queued(): number {
    return this.#queued
  }

  /** Gives the verdict once the write is durable. */
  async write(project: string, request: WriteRequest): Promise<Verdict> {
    const [verdict] = await this.writeFirst(project, [request])
    return verdict as Verdict
  }

  /**
   * Takes the first of some requests, as many as there is room for and as go into one commit, at least one. Gives their
   * verdicts, in the same order, once the writes are durable. `onAccepted` is told at once how many were taken: what is
   * written from then on comes after them.
   */
  writeFirst(
    project: string,
    requests: readonly WriteRequest[],
    onAccepted: (count: number) => void = () => undefined,
  ): Promise<readonly Verdict[]> {
    const room = Math.min(this.#queueMax - this.#queued, this.#batchMax)
    if (room <= 0) {
      return Promise.reject(new DomainError('overloaded', { retryAfterSeconds: RETRY_AFTER_SECONDS }))
    }
    const taken = requests.length <= room ? requests : requests.slice(0, room)
    onAccepted(taken.length)
    return new Promise((resolve, reject) => {
      this.#queued += taken.length
      const entry = { requests: taken, resolve, reject }
      const queue = this.#queues.get(project)
      if (queue !== undefined) queue.push(entry)
      else {
        this.#queues.set(project, [entry])
        // The first write waits for those that come with it in the same turn of the event loop.
        queueMicrotask(() => this.#drain(project))
      }
    })
  }

  async #drain(project: string): Promise<void> {
    const queue = this.#queues.get(project)!
    let answering: Promise<void> = Promise.resolve()
    while (queue.length > 0) {
      // Of few writes the next commit would be done before those who are answered can write again, and each would take fewer.
      if (!this.#isLong(queue)) await answering
      const entries = queue.splice(0, this.#entriesOfOneCommit(queue))
      const committing = this.#commit(project, entries)
      // The store has the next commit while the one before is taken in here, and its callers are told.
      await answering
      const verdicts = await committing
      if (verdicts !== undefined) answering = this.#answer(project, entries, verdicts)
      // Who is answered may write again, and those who do in time go with the rest.
      if (queue.length === 0) await answering
    }
    this.#queues.delete(project)
  }

  #isLong(queue: readonly Entry[]): boolean {
    const requests = queue.reduce((sum, entry) => sum + entry.requests.length, 0)
    return requests >= this.#batchMax * LONG_QUEUE
  }

  #entriesOfOneCommit(queue: readonly Entry[]): number {
    let requests = 0
    const end = queue.findIndex((entry) => {
      requests += entry.requests.length
      return requests > this.#batchMax
    })
    return end < 0 ? queue.length : end
  }

  /** Commits what some ask for. Gives the verdicts, or undefined when the callers had to be turned away. */
  async #commit(project: string, entries: readonly Entry[]): Promise<readonly Verdict[] | undefined> {
    const requests = entries.length === 1 ? (entries[0] as Entry).requests : entries.flatMap((entry) => entry.requests)
    try {
      const verdicts = await this.#store.commit(project, requests)
      // From here on the writes are durable, whatever else goes wrong. Their places are free before their callers go on.
      this.#queued -= requests.length
      return verdicts
    } catch (error) {
      this.#queued -= requests.length
      const refusal = new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS })
      for (const { reject } of entries) reject(refusal)
      this.#onStoreError(error)
      return undefined
    }
  }

  async #answer(project: string, entries: readonly Entry[], verdicts: readonly Verdict[]): Promise<void> {
    await this.#onCommitted(project, verdicts)
    let answered = 0
    for (const entry of entries) {
      const next = answered + entry.requests.length
      entry.resolve(verdicts.slice(answered, next))
      answered = next
    }
  }
}
