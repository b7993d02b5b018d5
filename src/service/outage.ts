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

/** Logs one line when something begins to fail, one when the reason changes, and one with the number of failures at the end. */
export class Outage {
  readonly #options: OutageOptions
  #failure: StoreFailure | undefined
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
    if (this.#failure === undefined) {
      this.#startedAtMs = this.#lastAtMs
      this.#failures = 0
      this.#timer = setInterval(() => void this.#check(), PROBE_INTERVAL_MS).unref()
    }
    this.#failures++
    if (this.#failure === error.failure) return
    this.#failure = error.failure
    if (!isKnown) log.error({ failure: error.failure, err: error }, `${what} of the store fail, answering 503`)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #check(): Promise<void> {
    const { log, clock, what, probe } = this.#options
    if (clock() - this.#lastAtMs < QUIET_MS || this.#failure === undefined) return
    try {
      await probe()
    } catch {
      // The store has counted the failure.
      return
    }
    if (this.#failure === undefined) return
    clearInterval(this.#timer)
    this.#failure = undefined
    const seconds = Math.round((clock() - this.#startedAtMs) / 1000)
    log.warn({ failures: this.#failures, seconds }, `${what} of the store work again`)
  }
}
