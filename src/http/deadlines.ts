/** A deadline under watch. `index` is its position in the list of pending deadlines. */
export type Deadline = { readonly startedAtTick: number; readonly onTimeout: () => void; index: number }

/** Timer ticks per timeout. More ticks make timeouts more exact and cost more CPU time. */
const TICKS_PER_TIMEOUT = 10

/**
 * Watches deadlines that share one timeout. A single interval timer checks all of them, which costs less than a timer for
 * each request. No deadline fires early; it fires at most a tenth of the timeout late, plus any delay of the event loop.
 */
export class Deadlines {
  readonly #tickMs: number
  // NOTE: an array, not a Set. A Set that outgrows its hash table allocates a new one and the old table points to it;
  // an old table in the old generation then keeps every later request from being collected while young.
  readonly #pending: Deadline[] = []
  #tick = 0
  #timer: NodeJS.Timeout | undefined

  constructor(timeoutMs: number) {
    this.#tickMs = timeoutMs / TICKS_PER_TIMEOUT
  }

  /** Calls `onTimeout` after the timeout, unless the deadline is cleared before. `onTimeout` must not throw. */
  watch(onTimeout: () => void): Deadline {
    const deadline = { startedAtTick: this.#tick, onTimeout, index: this.#pending.length }
    this.#pending.push(deadline)
    this.#timer ??= setInterval(() => this.#checkAll(), this.#tickMs).unref()
    return deadline
  }

  /** Stops watching a deadline. Does nothing when it has fired or was cleared already. */
  clear(deadline: Deadline): void {
    const { index } = deadline
    if (this.#pending[index] !== deadline) return
    // Swap with the last entry, so that removal takes constant time.
    const last = this.#pending.pop() as Deadline
    if (last === deadline) return
    this.#pending[index] = last
    last.index = index
  }

  #checkAll(): void {
    this.#tick++
    // One tick more than the timeout has, because a deadline starts somewhere between two ticks.
    for (const deadline of this.#pending.filter(
      ({ startedAtTick }) => this.#tick - startedAtTick > TICKS_PER_TIMEOUT,
    )) {
      this.clear(deadline)
      deadline.onTimeout()
    }
    if (this.#pending.length > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
