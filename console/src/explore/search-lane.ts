/** Somebody waits for rows; counts follow. */
type Rank = 'rows' | 'counts'

type Job = {
  readonly rank: Rank
  /** Nobody waits for its answer any more. */
  isGivenUp: boolean
  /** Ends with the call, and never fails. */
  start(): Promise<void>
  stop?: () => void
}

/** A call that holds up others for so long is hung. */
export const PATIENCE_MS = 10_000

/**
 * Sends the searches of a view one after the other, rows first, so that the service never works on two of one reader. One that is
 * given up ends before the next one goes: a stopped call is still under way for a moment, and the service works on it all the
 * same. Calls that are given up while they wait are never sent.
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
        // Later, because the call that takes its place comes in the same step.
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
    // Calls that are made in one step come in the order of their ranks.
    await Promise.resolve()
    const job = this.#waiting.find(({ rank }) => rank === 'rows') ?? this.#waiting[0]
    this.#waiting = this.#waiting.filter((each) => each !== job)
    this.#current = job
    return job
  }

  /** Stops a call that is given up, or that only counts while rows wait: at once when none waits for it, else when it is hung. */
  #makeRoom(job: Job): void {
    if (this.#current !== job) return
    if (job.isGivenUp && this.#waiting.length === 0) job.stop?.()
    else if (job.isGivenUp || (job.rank === 'counts' && this.#waiting.some(({ rank }) => rank === 'rows')))
      setTimeout(() => {
        if (this.#current === job) job.stop?.()
      }, PATIENCE_MS)
  }
}

/** Stands for no call, while the next one is chosen. */
const PAUSE: Job = { rank: 'rows', isGivenUp: false, start: () => Promise.resolve() }
