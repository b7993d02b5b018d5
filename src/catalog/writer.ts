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

/**
 * Group commit: while one commit of a project is under way, its next writes gather, and go together when it is done; those
 * that came together are not parted.
 * Every write gets its own verdict. The queue has an end: past it a write is refused at once with `overloaded`, and a
 * store that fails answers `unavailable`; neither has changed anything.
 */
export class Writer {
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
   * verdicts, in the same order, once the writes are durable.
   */
  writeFirst(project: string, requests: readonly WriteRequest[]): Promise<readonly Verdict[]> {
    const room = Math.min(this.#queueMax - this.#queued, this.#batchMax)
    if (room <= 0) {
      return Promise.reject(new DomainError('overloaded', { retryAfterSeconds: RETRY_AFTER_SECONDS }))
    }
    const taken = requests.length <= room ? requests : requests.slice(0, room)
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
    while (queue.length > 0) await this.#commit(project, queue.splice(0, this.#entriesOfOneCommit(queue)))
    this.#queues.delete(project)
  }

  #entriesOfOneCommit(queue: readonly Entry[]): number {
    let requests = 0
    const end = queue.findIndex((entry) => {
      requests += entry.requests.length
      return requests > this.#batchMax
    })
    return end < 0 ? queue.length : end
  }

  async #commit(project: string, entries: readonly Entry[]): Promise<void> {
    const requests = entries.length === 1 ? (entries[0] as Entry).requests : entries.flatMap((entry) => entry.requests)
    let verdicts: readonly Verdict[]
    try {
      verdicts = await this.#store.commit(project, requests)
    } catch (error) {
      this.#queued -= requests.length
      const refusal = new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS })
      for (const { reject } of entries) reject(refusal)
      this.#onStoreError(error)
      return
    }
    // From here on the writes are durable, whatever else goes wrong. Their places are free before their callers go on.
    this.#queued -= requests.length
    await this.#onCommitted(project, verdicts)
    let answered = 0
    for (const entry of entries) {
      const next = answered + entry.requests.length
      entry.resolve(verdicts.slice(answered, next))
      answered = next
    }
  }
}
