import { DomainError } from '../core/errors.ts'
import type { TagStore, Verdict, WriteRequest } from '../store/store.ts'

type Entry = {
  readonly request: WriteRequest
  readonly resolve: (verdict: Verdict) => void
  readonly reject: (error: unknown) => void
}

/** How long a caller that was turned away should wait. */
const RETRY_AFTER_SECONDS = 1

/**
 * Group commit: while one commit of a project is under way, its next writes gather, and go together when it is done.
 * Every write gets its own verdict. The queue has an end: past it a write is refused at once with `overloaded`, and a
 * store that fails answers `unavailable`; neither has changed anything.
 */
export class Writer {
  readonly #store: TagStore
  readonly #queueMax: number
  readonly #batchMax: number
  readonly #onCommitted: (project: string, verdicts: readonly Verdict[]) => void
  readonly #onStoreError: (error: unknown) => void
  readonly #queues = new Map<string, Entry[]>()
  #queued = 0

  constructor(options: {
    readonly store: TagStore
    /** Writes that may wait over all projects. */
    readonly queueMax: number
    /** Writes that go into one commit. */
    readonly batchMax: number
    /** Told of each commit's verdicts, before the callers are. Must not throw. */
    readonly onCommitted: (project: string, verdicts: readonly Verdict[]) => void
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
  write(project: string, request: WriteRequest): Promise<Verdict> {
    if (this.#queued >= this.#queueMax) {
      return Promise.reject(new DomainError('overloaded', { retryAfterSeconds: RETRY_AFTER_SECONDS }))
    }
    return new Promise((resolve, reject) => {
      this.#queued++
      const entry = { request, resolve, reject }
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
    while (queue.length > 0) await this.#commit(project, queue.splice(0, this.#batchMax))
    this.#queues.delete(project)
  }

  async #commit(project: string, entries: readonly Entry[]): Promise<void> {
    const requests = entries.map(({ request }) => request)
    let verdicts: readonly Verdict[]
    try {
      verdicts = await this.#store.commit(project, requests)
    } catch (error) {
      this.#queued -= entries.length
      const refusal = new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS })
      for (const { reject } of entries) reject(refusal)
      this.#onStoreError(error)
      return
    }
    // From here on the writes are durable, whatever else goes wrong. Their places are free before their callers go on.
    this.#queued -= entries.length
    this.#onCommitted(project, verdicts)
    for (const [i, { resolve }] of entries.entries()) resolve(verdicts[i] as Verdict)
  }
}
