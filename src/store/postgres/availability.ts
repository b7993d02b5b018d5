import { setTimeout as sleep } from 'node:timers/promises'
import { StoreUnavailable } from '../store.ts'
import type { Traffic } from './connection.ts'
import { describeError } from './errors.ts'

/** How often it is looked whether the server still says anything. */
const LOOK_EVERY_MS = 150
/** Looks without a word from the server, though it was asked something, before it is asked whether it is there. */
const SILENT_LOOKS_MAX = 2

const FIRST_RETRY_MS = 50
const LAST_RETRY_MS = 1000

/**
 * Knows whether the database is there, so that nobody waits for one that is not. It is away when no connection can be
 * made, or when it is silent and does not answer a new connection either. From then on it is tried at growing
 * intervals, and everybody is turned away at once until it is back.
 */
export class Availability implements Traffic {
  readonly #probe: () => Promise<void>
  readonly #onUnreachable: (reason: string) => void
  readonly #onReachable: () => void
  readonly #looking: NodeJS.Timeout
  readonly #stopped = new AbortController()
  #reason: string | undefined
  #unanswered = 0
  #answers = 0
  #silentLooks = 0
  #isProbing = false

  constructor(options: {
    /** Makes a connection and gives it back; throws when that cannot be done within a time of its own. */
    readonly probe: () => Promise<void>
    /** Told when the database goes away, to let go of every connection. */
    readonly onUnreachable: (reason: string) => void
    readonly onReachable: () => void
  }) {
    this.#probe = options.probe
    this.#onUnreachable = options.onUnreachable
    this.#onReachable = options.onReachable
    this.#looking = setInterval(() => this.#look(), LOOK_EVERY_MS)
    this.#looking.unref()
  }

  sent(): void {
    // Whoever is asked after a silence of nobody's making has its whole time to answer.
    if (this.#unanswered === 0) this.#silentLooks = 0
    this.#unanswered++
  }

  over(isAnswered: boolean): void {
    this.#unanswered--
    this.#silentLooks = 0
    if (isAnswered) this.#answers++
  }

  /** Counts what the server has answered: as long as it rises, the server is there, however slow it is. */
  get answers(): number {
    return this.#answers
  }

  /** Throws while the database is away. */
  refuseIfAway(): void {
    if (this.#reason !== undefined) throw new StoreUnavailable(`the database cannot be reached: ${this.#reason}`)
  }

  /**
   * Takes the database for gone until it can be reached again, unless it has answered others since `answers` was what is
   * given: then it is only slow, or takes no more connections.
   */
  away(error: unknown, answers: number): void {
    if (answers !== this.#answers) return
    if (this.#reason !== undefined || this.#stopped.signal.aborted) return
    this.#reason = describeError(error)
    this.#onUnreachable(this.#reason)
    void this.#awaitReturn()
  }

  /** Ends looking and trying. */
  stop(): void {
    clearInterval(this.#looking)
    this.#stopped.abort()
  }

  #look(): void {
    if (this.#unanswered === 0 || this.#isProbing || this.#reason !== undefined) return
    this.#silentLooks++
    if (this.#silentLooks <= SILENT_LOOKS_MAX) return
    this.#isProbing = true
    const answers = this.#answers
    this.#probe()
      .catch((error: unknown) => this.away(error, answers))
      .finally(() => {
        this.#isProbing = false
        this.#silentLooks = 0
      })
  }

  async #awaitReturn(): Promise<void> {
    const { signal } = this.#stopped
    for (let waitMs = FIRST_RETRY_MS; !signal.aborted; waitMs = Math.min(2 * waitMs, LAST_RETRY_MS)) {
      try {
        await sleep(waitMs, undefined, { ref: false, signal })
        await this.#probe()
        this.#reason = undefined
        if (!signal.aborted) this.#onReachable()
        return
      } catch (error) {
        // What is said is the last thing that stood in the way: starting up, for one, after being switched off.
        if (!signal.aborted) this.#reason = describeError(error)
      }
    }
  }
}
