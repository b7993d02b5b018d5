/** Work that waits for its next slice, by owner; the owners are in the order of their turns. */
const waiting = new Map<unknown, (() => void)[]>()
/** When the slices of this event-loop tick end, which its owned work shares; undefined while there is none. */
let tickEndsAtMs: number | undefined

/**
 * A time slice for long work on the event loop: the work checks `isOver` often and awaits `yield` when it is, so that
 * other callbacks run between slices.
 *
 * Work that yielded resumes one piece per event-loop tick, over all work of the process, so that much concurrent work does
 * not block the loop longer than little. Slices are given to the owners round robin, and to the work of one owner first
 * in, first out.
 */
export class TimeSlice {
  readonly #lengthMs: number
  readonly #owner: unknown
  #endsAtMs: number

  /**
   * `owner`: work of one owner, such as a project, shares its slices, and the first slices of all owned work that begins
   * in one tick share their length. Without an owner, the work is its own owner and has a whole first slice: for work
   * that others wait for.
   */
  constructor(lengthMs: number, owner?: string) {
    this.#lengthMs = lengthMs
    this.#owner = owner ?? this
    this.#endsAtMs = owner === undefined ? performance.now() + lengthMs : sharedEnd(lengthMs)
  }

  get isOver(): boolean {
    return performance.now() > this.#endsAtMs
  }

  /** Yields to the event loop for at least one tick, then starts the next slice. */
  async yield(): Promise<void> {
    await new Promise<void>((resolve) => enqueue(this.#owner, resolve))
    this.#endsAtMs = sharedEnd(this.#lengthMs)
  }
}

function sharedEnd(lengthMs: number): number {
  const endsAtMs = performance.now() + lengthMs
  if (tickEndsAtMs === undefined) {
    tickEndsAtMs = endsAtMs
    setImmediate(() => (tickEndsAtMs = undefined))
  }
  return Math.min(tickEndsAtMs, endsAtMs)
}

function enqueue(owner: unknown, resume: () => void): void {
  if (waiting.size === 0) setImmediate(resumeNext)
  const queue = waiting.get(owner)
  if (queue === undefined) waiting.set(owner, [resume])
  else queue.push(resume)
}

/** Resumes the next work. It continues in a microtask, so its slice is over before the next tick. */
function resumeNext(): void {
  tickEndsAtMs = undefined
  for (const [owner, queue] of waiting) {
    queue.shift()?.()
    // Deleting and inserting moves the owner to the end of the round.
    waiting.delete(owner)
    if (queue.length > 0) waiting.set(owner, queue)
    break
  }
  if (waiting.size > 0) setImmediate(resumeNext)
}
