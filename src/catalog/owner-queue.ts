/** Work that took less than this is short. */
export const SHORT_MS = 8
/** How long one long work keeps the turns of its owner before the next long one gets them. */
export const STINT_MS = 50
/** One of so many turns goes to long work while shorter work waits. */
const LONG_TURN_EVERY = 4
/** Requests that begin together at most: short ones share reads and searches. */
const GROUP_MAX = 8

/** A piece of work that has begun: how long it ran in all, and in its present stint. */
export class Work {
  usedMs = 0
  stintMs = 0

  add(ms: number): void {
    this.usedMs += ms
    this.stintMs += ms
  }
}

type Begun = { readonly resume: () => void; readonly work: Work }

/**
 * The waiting work of one owner, in the order in which it is resumed: short work that has begun, one after the other to
 * its end; then requests that have not begun; then long work, one at a time for a stint. So an owner has few pieces of
 * work half done: the less of their data outlives collections of the young generation, the fewer full collections stop
 * everybody.
 */
export class OwnerQueue {
  readonly #short: Begun[] = []
  readonly #long: Begun[] = []
  readonly #beginning: (() => void)[] = []
  #turns = 0
  #group = 1
  #wasWholeGroup = false

  get length(): number {
    return this.#short.length + this.#long.length + this.#beginning.length
  }

  /** Adds a request that has not begun. */
  addBeginning(resume: () => void): void {
    this.#beginning.push(resume)
  }

  /** Adds work that has begun. */
  add(resume: () => void, work: Work): void {
    const queue = work.usedMs < SHORT_MS ? this.#short : this.#long
    const goesOn = queue === this.#short ? work.usedMs > 0 : work.stintMs < STINT_MS
    if (goesOn) queue.unshift({ resume, work })
    else {
      work.stintMs = 0
      queue.push({ resume, work })
    }
  }

  /** Removes what has the next turn. Gives its work, unless these are requests that have not begun. */
  take(): { readonly resumed: readonly (() => void)[]; readonly work: Work | undefined } {
    this.#turns++
    const isLongTurn = this.#turns % LONG_TURN_EVERY === 0 && this.#long.length > 0
    if (isLongTurn || (this.#short.length === 0 && this.#beginning.length === 0)) return one(this.#long)
    if (this.#short.length > 0) return one(this.#short)
    const resumed = this.#beginning.splice(0, this.#group)
    this.#wasWholeGroup = resumed.length === this.#group
    return { resumed, work: undefined }
  }

  /** Fits how many requests begin together to the time that the last ones took, as a part of a turn. */
  beganIn(turns: number): void {
    if (turns >= 1) this.#group = Math.max(1, this.#group >> 1)
    else if (turns < 1 / 4 && this.#wasWholeGroup) this.#group = Math.min(GROUP_MAX, this.#group * 2)
  }
}

function one(queue: Begun[]): { readonly resumed: readonly (() => void)[]; readonly work: Work } {
  const { resume, work } = queue.shift() as Begun
  return { resumed: [resume], work }
}
