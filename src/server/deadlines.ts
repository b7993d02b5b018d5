/** Work that is given up when its time is over. */
export type Deadline = { readonly startedAt: number; readonly giveUp: () => void }

/** Looks per time-out. More make giving up more exact and the looking dearer. */
const LOOKS = 10

/**
 * Gives up what takes longer than a time that is the same for all: a look at everything that is under way now and then
 * costs less than a timer for each. Nothing is given up early, and nothing later than a tenth of the time after it is
 * over, unless the event loop itself is held up.
 */
export class Deadlines {
  readonly #lookMs: number
  readonly #pending = new Set<Deadline>()
  #looks = 0
  #timer: NodeJS.Timeout | undefined

  constructor(timeoutMs: number) {
    this.#lookMs = timeoutMs / LOOKS
  }

  /** Calls `giveUp` when time is up, unless it is told to forget that before. `giveUp` must not throw. */
  watch(giveUp: () => void): Deadline {
    const deadline = { startedAt: this.#looks, giveUp }
    this.#pending.add(deadline)
    this.#timer ??= setInterval(() => this.#look(), this.#lookMs).unref()
    return deadline
  }

  /** Lets go of what is done. */
  forget(deadline: Deadline): void {
    this.#pending.delete(deadline)
  }

  #look(): void {
    this.#looks++
    for (const deadline of this.#pending) {
      // One look more than there are in the time, because it began somewhere between two.
      if (this.#looks - deadline.startedAt <= LOOKS) continue
      this.#pending.delete(deadline)
      deadline.giveUp()
    }
    if (this.#pending.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
