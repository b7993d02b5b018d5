/** Work that is given up when its time is over. */
export type Deadline = { readonly startedAt: number; readonly giveUp: () => void; place: number }

/** Looks per time-out. More make giving up more exact and the looking dearer. */
const LOOKS = 10

/**
 * Gives up what takes longer than a time that is the same for all: a look at everything that is under way now and then
 * costs less than a timer for each. Nothing is given up early, and nothing later than a tenth of the time after it is
 * over, unless the event loop itself is held up.
 */
export class Deadlines {
  readonly #lookMs: number
  // NOTE: not a Set. Each table that a busy Set outgrows points to the one after it, so that one old table kept all
  // requests since then from being collected young.
  readonly #pending: Deadline[] = []
  #looks = 0
  #timer: NodeJS.Timeout | undefined

  constructor(timeoutMs: number) {
    this.#lookMs = timeoutMs / LOOKS
  }

  /** Calls `giveUp` when time is up, unless it is told to forget that before. `giveUp` must not throw. */
  watch(giveUp: () => void): Deadline {
    const deadline = { startedAt: this.#looks, giveUp, place: this.#pending.length }
    this.#pending.push(deadline)
    this.#timer ??= setInterval(() => this.#look(), this.#lookMs).unref()
    return deadline
  }

  /** Lets go of what is done, or was given up. */
  forget(deadline: Deadline): void {
    const { place } = deadline
    if (this.#pending[place] !== deadline) return
    const last = this.#pending.pop() as Deadline
    if (last === deadline) return
    this.#pending[place] = last
    last.place = place
  }

  #look(): void {
    this.#looks++
    // One look more than there are in the time, because work begins somewhere between two.
    for (const deadline of this.#pending.filter(({ startedAt }) => this.#looks - startedAt > LOOKS)) {
      this.forget(deadline)
      deadline.giveUp()
    }
    if (this.#pending.length > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
