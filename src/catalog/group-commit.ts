import { DomainError } from '../core/errors.ts'
import { StoreUnavailable, type TagStore, unavailable, type Verdict, type WriteRequest } from '../store/store.ts'
import { TURNS } from './turns.ts'

/** The requests of one call, which share one commit. */
type Entry = {
  readonly requests: readonly WriteRequest[]
  readonly resolve: (verdicts: readonly Verdict[]) => void
  readonly reject: (error: unknown) => void
}

/** Called at the start of a wait, with the number of writes. The result is called at its end, with the error of a failure. */
export type OnWait = (writes: number) => (error?: unknown) => void

/** Measures group commit. Neither function may throw. */
export type CommitObserver = {
  /** A call waits for its writes, from the queue to the verdicts. */
  readonly waits: OnWait
  /** The store commits a batch. */
  readonly commits: OnWait
}

const UNOBSERVED: CommitObserver = { waits: () => () => undefined, commits: () => () => undefined }

/** `Retry-After` of a refused write. */
const RETRY_AFTER_SECONDS = 1
/**
 * Limit on the writes of one commit while several users send requests. Encoding a commit and applying it to an index are
 * one piece of work each, for which the others wait.
 */
const SHARED_BATCH_MAX = 128
/** A queue is long from this part of a full commit on. */
const LONG_QUEUE = 1 / 4

/**
 * Group commit: while a commit of a project is in flight, further writes to that project are queued, and the queue goes
 * into the next commit as a whole. One wait for the disk serves many writes.
 *
 * Guarantees:
 * - At most one commit per project is in flight; commits of different projects run concurrently.
 * - Writes to a project are committed in the order of the calls, and the writes of one call in one commit.
 * - Every write gets its own verdict: a refused write does not affect the others of its commit.
 * - A call resolves when its writes are durable and `onCommitted` is done, so a read after it sees them.
 * - The queue is bounded: a write beyond the limit is refused at once with `overloaded`.
 * - When the store fails, all writes of that commit are refused with `unavailable`, and the next commit is tried anew.
 * - A refused write is not applied, with one exception: if the connection to PostgreSQL breaks during the commit itself,
 *   the outcome of a write refused with `unavailable` is unknown.
 */
export class GroupCommit {
  readonly #store: TagStore
  readonly #queueMax: number
  readonly #batchMax: number
  readonly #onCommitted: (project: string, verdicts: readonly Verdict[]) => Promise<void>
  readonly #onStoreError: (error: unknown) => void
  readonly #observer: CommitObserver
  readonly #isShared: () => boolean
  readonly #queues = new Map<string, Entry[]>()
  #queued = 0

  constructor(options: {
    readonly store: TagStore
    /** Limit on the writes that are queued or in flight, over all projects. */
    readonly queueMax: number
    /** Limit on the writes of one commit. */
    readonly batchMax: number
    /** Called with the verdicts of each commit; the writes are acknowledged when it resolves. Must not reject. */
    readonly onCommitted: (project: string, verdicts: readonly Verdict[]) => Promise<void>
    /** Called with the error of a failed commit, after its writes were refused. Must not throw. */
    readonly onStoreError: (error: unknown) => void
    readonly observer?: CommitObserver | undefined
    /** Whether several users send requests. */
    readonly isShared?: () => boolean
  }) {
    this.#store = options.store
    this.#queueMax = options.queueMax
    this.#batchMax = options.batchMax
    this.#onCommitted = options.onCommitted
    this.#onStoreError = options.onStoreError
    this.#observer = options.observer ?? UNOBSERVED
    this.#isShared = options.isShared ?? (() => TURNS.isSharedByUsers)
  }

  /** How many writes are queued or in flight. */
  get queued(): number {
    return this.#queued
  }

  /** Gives the verdict once the write is durable. */
  async write(project: string, request: WriteRequest): Promise<Verdict> {
    const [verdict] = await this.writeFirst(project, [request])
    return verdict as Verdict
  }

  /**
   * Gives the verdicts of requests that are one unit, see `TagStore.commit`, once they are durable. There are no more than
   * one commit has room for. Rejects with `overloaded` when the queue has no room for all.
   */
  writeUnit(project: string, requests: readonly WriteRequest[]): Promise<readonly Verdict[]> {
    if (requests.length > this.#batchMax) throw new RangeError('a unit is larger than a commit')
    return requests.length > this.#queueMax - this.#queued ? this.#overloaded() : this.writeFirst(project, requests)
  }

  #overloaded(): Promise<never> {
    return Promise.reject(new DomainError('overloaded', { retryAfterSeconds: RETRY_AFTER_SECONDS }))
  }

  /**
   * Accepts the first of some requests, as many as the queue and one commit have room for, at least one. Gives their
   * verdicts, in the same order, once the writes are durable. `onAccepted` is called synchronously with their number;
   * writes of later calls are committed after them. Rejects with `overloaded` when the queue is full.
   */
  writeFirst(
    project: string,
    requests: readonly WriteRequest[],
    onAccepted: (count: number) => void = () => undefined,
  ): Promise<readonly Verdict[]> {
    const room = Math.min(this.#queueMax - this.#queued, this.#batchMax)
    if (room <= 0) return this.#overloaded()
    const accepted = requests.length <= room ? requests : requests.slice(0, room)
    onAccepted(accepted.length)
    return new Promise((resolve, reject) => {
      this.#queued += accepted.length
      const endWait = this.#observer.waits(accepted.length)
      const entry: Entry = {
        requests: accepted,
        resolve: (verdicts) => {
          endWait()
          resolve(verdicts)
        },
        reject: (error) => {
          endWait(error)
          reject(error)
        },
      }
      const queue = this.#queues.get(project)
      if (queue !== undefined) queue.push(entry)
      else {
        this.#queues.set(project, [entry])
        // A microtask, so that writes of the same event-loop tick share the first commit.
        queueMicrotask(() => this.#drain(project))
      }
    })
  }

  async #drain(project: string): Promise<void> {
    const queue = this.#queues.get(project)!
    let acknowledging: Promise<void> = Promise.resolve()
    while (queue.length > 0) {
      // With a short queue, acknowledge the last batch first: its clients' next writes can then join this commit.
      if (!this.#isLong(queue)) await acknowledging
      const entries = queue.splice(0, this.#entriesOfOneCommit(queue))
      const committing = this.#commit(project, entries)
      // With a long queue, the store commits this batch while the last one is applied and acknowledged here.
      await acknowledging
      const verdicts = await committing
      if (verdicts !== undefined) acknowledging = this.#acknowledge(project, entries, verdicts)
      // Clients that were just acknowledged may write again and extend the queue.
      if (queue.length === 0) await acknowledging
    }
    this.#queues.delete(project)
  }

  #isLong(queue: readonly Entry[]): boolean {
    const requests = queue.reduce((sum, entry) => sum + entry.requests.length, 0)
    return requests >= this.#batchMax * LONG_QUEUE
  }

  #entriesOfOneCommit(queue: readonly Entry[]): number {
    const batchMax = this.#isShared() ? Math.min(SHARED_BATCH_MAX, this.#batchMax) : this.#batchMax
    let requests = 0
    const end = queue.findIndex((entry) => {
      requests += entry.requests.length
      return requests > batchMax
    })
    // The writes of one call are in one commit, even if they are more.
    return end < 0 ? queue.length : Math.max(1, end)
  }

  /** Commits a batch. Gives the verdicts, or undefined when the store failed and the batch was refused. */
  async #commit(project: string, entries: readonly Entry[]): Promise<readonly Verdict[] | undefined> {
    const requests = entries.length === 1 ? (entries[0] as Entry).requests : entries.flatMap((entry) => entry.requests)
    const endCommit = this.#observer.commits(requests.length)
    try {
      const verdicts = await this.#store.commit(project, requests)
      endCommit()
      // The writes are durable from here on. Their room in the queue is free before their callers continue.
      this.#queued -= requests.length
      return verdicts
    } catch (error) {
      endCommit(error)
      this.#queued -= requests.length
      const refusal =
        error instanceof StoreUnavailable
          ? unavailable(error)
          : new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS })
      for (const { reject } of entries) reject(refusal)
      this.#onStoreError(error)
      return undefined
    }
  }

  async #acknowledge(project: string, entries: readonly Entry[], verdicts: readonly Verdict[]): Promise<void> {
    await this.#onCommitted(project, verdicts)
    let start = 0
    for (const entry of entries) {
      const end = start + entry.requests.length
      entry.resolve(verdicts.slice(start, end))
      start = end
    }
  }
}
