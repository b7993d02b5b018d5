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

  /** True for work that is not interactive, such as exports and imports. */
  isBulk = false

  /** True for work that several owners wait for, such as loading an index: no share of the time limits it. */
  isCommon = false

  get isLong(): boolean {
    return this.usedMs >= SHORT_MS
  }

  add(ms: number): void {
    this.usedMs += ms
    this.stintMs += ms
  }
}

type Begun = { readonly resume: () => void; readonly work: Work }

/**
 * The waiting work of one owner, in the order in which it is resumed: short work that has begun, one after the other to
 * its end; then requests that have not begun; then long work, one at a time for a stint, answers before bulk work. So an owner has few pieces of
 * work half done: the less of their data outlives collections of the young generation, the fewer full collections stop
 * everybody.
 */
export class OwnerQueue {
  readonly #short: Begun[] = []
  readonly #long: Begun[] = []
  readonly #bulk: Begun[] = []
  readonly #beginning: (() => void)[] = []
  #turns = 0
  #longTurns = 0
  #group = 1
  #wasWholeGroup = false

  get length(): number {
    return this.#short.length + this.#long.length + this.#bulk.length + this.#beginning.length
  }

  /** True when something waits besides bulk work that rests. */
  get hasUrgent(): boolean {
    return this.length > this.#bulk.length
  }

  /** Adds a request that has not begun. */
  addBeginning(resume: () => void): void {
    this.#beginning.push(resume)
  }

  /** Adds work that has begun. */
  add(resume: () => void, work: Work): void {
    const queue = work.isBulk ? this.#bulk : work.isLong ? this.#long : this.#short
    const goesOn = queue === this.#short ? work.usedMs > 0 : work.stintMs < STINT_MS
    if (goesOn) queue.unshift({ resume, work })
    else {
      work.stintMs = 0
      queue.push({ resume, work })
    }
  }

  /**
   * Removes what has the next turn. Gives its work, unless these are requests that have not begun. `mayBulk`: bulk work
   * may have the turn; otherwise something else waits.
   */
  take(mayBulk: boolean): { readonly resumed: readonly (() => void)[]; readonly work: Work | undefined } {
    this.#turns++
    const hasLong = this.#long.length > 0 || (mayBulk && this.#bulk.length > 0)
    const isLongTurn = this.#turns % LONG_TURN_EVERY === 0 && hasLong
    if (isLongTurn || (this.#short.length === 0 && this.#beginning.length === 0)) return one(this.#longQueue(mayBulk))
    if (this.#short.length > 0) return one(this.#short)
    const resumed = this.#beginning.splice(0, this.#group)
    this.#wasWholeGroup = resumed.length === this.#group
    return { resumed, work: undefined }
  }

  /** Long answers go before bulk work in three of four of their turns. */
  #longQueue(mayBulk: boolean): Begun[] {
    if (this.#long.length === 0) return this.#bulk
    const isBulkTurn = mayBulk && this.#bulk.length > 0 && ++this.#longTurns % LONG_TURN_EVERY === 0
    return isBulkTurn ? this.#bulk : this.#long
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
