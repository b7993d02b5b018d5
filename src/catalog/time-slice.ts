import { Work } from './owner-queue.ts'
import { TURN_MS, TURNS } from './turns.ts'

/**
 * A time slice for long work on the event loop: the work checks `isOver` often and awaits `yield` when it is, so that
 * other callbacks run between slices. `Turns` schedules the slices.
 */
export class TimeSlice {
  readonly #owner: unknown
  readonly #work: Work
  #endsAtMs: number

  /**
   * `owner`: work of one owner, such as a project, shares its slices, and the first slices of all its work that begins in
   * one tick share their length. Without an owner, the work is its own owner and has a whole first slice: for work that
   * others wait for. `isBulk`: the work is not interactive, so it is limited to a share of the time while requests of
   * several users arrive.
   */
  constructor(owner?: string, { isBulk = false } = {}) {
    this.#owner = owner ?? this
    // A request may have several slices one after the other.
    this.#work = TURNS.workOf(this.#owner) ?? new Work()
    if (isBulk) this.#work.isBulk = true
    if (owner === undefined) this.#work.isCommon = true
    this.#endsAtMs = owner === undefined ? performance.now() + TURN_MS : TURNS.endOf(owner)
  }

  /** True while several users send requests. */
  get isShared(): boolean {
    return TURNS.isSharedByUsers
  }

  get isOver(): boolean {
    return performance.now() > this.#endsAtMs
  }

  /** Yields to the event loop for at least one tick, then starts the next slice. */
  async yield(): Promise<void> {
    // Not the time since the slice began: the work may have waited for something else in it.
    this.#work.add(TURN_MS)
    await TURNS.wait(this.#owner, this.#work)
    this.#endsAtMs = TURNS.endOf(this.#owner)
  }
}
