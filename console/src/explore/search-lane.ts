/** The priority of a search: rows go before counts. */
type Rank = 'rows' | 'counts'

type Job = {
  readonly rank: Rank
  /** True after its signal was aborted. */
  isGivenUp: boolean
  /** Ends with the call, and never fails. */
  start(): Promise<void>
  stop?: () => void
}

/** After this time a search that blocks others counts as hung, and is aborted. */
export const PATIENCE_MS = 10_000

/**
 * A queue that sends the searches of a view one at a time, rows first, so that a view has one search in flight. An aborted search
 * ends before the next is sent, because the service goes on computing it. A search that is aborted while it waits is never sent.
 */
export class SearchLane {
  #waiting: readonly Job[] = []
  #current: Job | undefined

  run<T>(rank: Rank, call: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const job: Job = {
        rank,
        isGivenUp: false,
        start: async () => {
          const controller = new AbortController()
          job.stop = () => controller.abort()
          await call(controller.signal).then(resolve, (error) => {
            if (controller.signal.aborted && !signal.aborted) this.#waiting = [...this.#waiting, job]
            else reject(error)
          })
        },
      }
      signal.addEventListener('abort', () => {
        job.isGivenUp = true
        this.#waiting = this.#waiting.filter((each) => each !== job)
        reject(signal.reason)
        // In a later task, because the search that replaces it is queued in this one.
        if (this.#current === job) setTimeout(() => this.#makeRoom(job))
      })
      this.#waiting = [...this.#waiting, job]
      if (this.#current === undefined) void this.#work()
      else this.#makeRoom(this.#current)
    })
  }

  async #work(): Promise<void> {
    for (let job = await this.#next(); job !== undefined; job = await this.#next()) {
      this.#current = job
      await job.start()
    }
  }

  async #next(): Promise<Job | undefined> {
    this.#current = PAUSE
    // Searches that are queued in one task are sent in the order of their ranks.
    await Promise.resolve()
    const job = this.#waiting.find(({ rank }) => rank === 'rows') ?? this.#waiting[0]
    this.#waiting = this.#waiting.filter((each) => each !== job)
    this.#current = job
    return job
  }

  /**
   * Aborts an aborted search at once if the queue is empty. If others wait, aborts it, or a count that blocks rows, when it is hung.
   */
  #makeRoom(job: Job): void {
    if (this.#current !== job) return
    if (job.isGivenUp && this.#waiting.length === 0) job.stop?.()
    else if (job.isGivenUp || (job.rank === 'counts' && this.#waiting.some(({ rank }) => rank === 'rows')))
      setTimeout(() => {
        if (this.#current === job) job.stop?.()
      }, PATIENCE_MS)
  }
}

/** Marks the queue as busy while the next search is chosen. */
const PAUSE: Job = { rank: 'rows', isGivenUp: false, start: () => Promise.resolve() }
