import type { Logger } from 'pino'
import type { MonotonicClock } from '../core/clock.ts'
import type { StoreFailure, StoreUnavailable } from '../store/store.ts'

/** How often a failing store is asked whether it works again. */
const PROBE_INTERVAL_MS = 1000
/** An outage ends when nothing has failed for this long, so that a store that fails now and then is one outage. */
const QUIET_MS = 5000

export type OutageOptions = {
  readonly log: Logger
  readonly clock: MonotonicClock
  /** What fails, such as `writes`. */
  readonly what: string
  /** Rejects while the store still fails. */
  readonly probe: () => Promise<unknown>
}

/** Logs one line for each reason when something begins to fail, and one with the number of failures at its end. */
export class Outage {
  readonly #options: OutageOptions
  #isOver = true
  /** The reasons that the log has, each once: two that alternate would be a line per failure. */
  readonly #logged = new Set<StoreFailure>()
  #failures = 0
  #startedAtMs = 0
  #lastAtMs = 0
  #timer: NodeJS.Timeout | undefined

  constructor(options: OutageOptions) {
    this.#options = options
  }

  /** Counts a failure. `isKnown`: the log has its reason already. */
  failed(error: StoreUnavailable, isKnown: boolean): void {
    const { log, clock, what } = this.#options
    this.#lastAtMs = clock()
    if (this.#isOver) {
      this.#isOver = false
      this.#startedAtMs = this.#lastAtMs
      this.#failures = 0
      this.#timer = setInterval(() => void this.#check(), PROBE_INTERVAL_MS).unref()
    }
    this.#failures++
    if (isKnown || this.#logged.has(error.failure)) return
    this.#logged.add(error.failure)
    log.error({ failure: error.failure, err: error }, `${what} of the store fail, answering 503`)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #check(): Promise<void> {
    const { log, clock, what, probe } = this.#options
    if (clock() - this.#lastAtMs < QUIET_MS) return
    try {
      await probe()
    } catch {
      // It still fails, and is asked again.
      return
    }
    // Another check may have ended it, or a call have failed meanwhile.
    if (this.#isOver || clock() - this.#lastAtMs < QUIET_MS) return
    clearInterval(this.#timer)
    this.#isOver = true
    this.#logged.clear()
    const seconds = Math.round((clock() - this.#startedAtMs) / 1000)
    log.warn({ failures: this.#failures, seconds }, `${what} of the store work again`)
  }
}
