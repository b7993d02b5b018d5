import { setTimeout as sleep } from 'node:timers/promises'
import { StoreUnavailable } from '../store.ts'
import type { Traffic } from './connection.ts'
import { describeError } from './errors.ts'

/** Interval of the watchdog that checks whether the server answers. */
const WATCHDOG_INTERVAL_MS = 150
/** Watchdog intervals without an answer to a pending statement before the server is probed over a new connection. */
const SILENT_INTERVALS_MAX = 2

const FIRST_RETRY_MS = 50
const LAST_RETRY_MS = 1000

/**
 * Circuit breaker for the database. It opens when no connection can be made, or when pending statements and a probe
 * over a new connection stay unanswered. While it is open every call fails at once, and the database is probed with
 * exponential back-off until it answers.
 */
export class Availability implements Traffic {
  readonly #probe: () => Promise<void>
  readonly #onUnreachable: (reason: string) => void
  readonly #onReachable: () => void
  readonly #watchdog: NodeJS.Timeout
  readonly #stopped = new AbortController()
  #reason: string | undefined
  #unanswered = 0
  #answers = 0
  #silentIntervals = 0
  #isProbing = false

  constructor(options: {
    /** Opens a connection and closes it; throws on failure and after its own timeout. */
    readonly probe: () => Promise<void>
    /** Called when the database becomes unreachable, to close every connection. */
    readonly onUnreachable: (reason: string) => void
    readonly onReachable: () => void
  }) {
    this.#probe = options.probe
    this.#onUnreachable = options.onUnreachable
    this.#onReachable = options.onReachable
    this.#watchdog = setInterval(() => this.#check(), WATCHDOG_INTERVAL_MS)
    this.#watchdog.unref()
  }

  sent(): void {
    // The silence counts from the first pending statement: an idle server has nothing to answer.
    if (this.#unanswered === 0) this.#silentIntervals = 0
    this.#unanswered++
  }

  ended(isAnswered: boolean): void {
    this.#unanswered--
    this.#silentIntervals = 0
    if (isAnswered) this.#answers++
  }

  /** Number of answers of the server. While it rises the server is reachable, however slow. */
  get answers(): number {
    return this.#answers
  }

  /** Throws while the database is unreachable. */
  throwIfUnreachable(): void {
    if (this.#reason !== undefined) {
      throw new StoreUnavailable(`the database cannot be reached: ${this.#reason}`, 'unreachable')
    }
  }

  /**
   * Opens the circuit, unless the database has answered a statement since `answers` was read: then it is only slow, or
   * has no free connection.
   */
  markUnreachable(error: unknown, answers: number): void {
    if (answers !== this.#answers) return
    if (this.#reason !== undefined || this.#stopped.signal.aborted) return
    this.#reason = describeError(error)
    this.#onUnreachable(this.#reason)
    void this.#probeUntilReachable()
  }

  /** Stops the watchdog and the probes. */
  stop(): void {
    clearInterval(this.#watchdog)
    this.#stopped.abort()
  }

  #check(): void {
    if (this.#unanswered === 0 || this.#isProbing || this.#reason !== undefined) return
    this.#silentIntervals++
    if (this.#silentIntervals <= SILENT_INTERVALS_MAX) return
    this.#isProbing = true
    const answers = this.#answers
    this.#probe()
      .catch((error: unknown) => this.markUnreachable(error, answers))
      .finally(() => {
        this.#isProbing = false
        this.#silentIntervals = 0
      })
  }

  async #probeUntilReachable(): Promise<void> {
    const { signal } = this.#stopped
    for (let waitMs = FIRST_RETRY_MS; !signal.aborted; waitMs = Math.min(2 * waitMs, LAST_RETRY_MS)) {
      try {
        await sleep(waitMs, undefined, { ref: false, signal })
        await this.#probe()
        this.#reason = undefined
        if (!signal.aborted) this.#onReachable()
        return
      } catch (error) {
        // The latest reason is reported, such as `starting up` after `connection refused`.
        if (!signal.aborted) this.#reason = describeError(error)
      }
    }
  }
}
