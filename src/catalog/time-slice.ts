/**
 * A time slice for long work on the event loop: the work checks `isOver` often and awaits `yield` when it is, so that
 * other callbacks run between slices.
 */
export class TimeSlice {
  readonly #lengthMs: number
  #endsAtMs: number

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs
    this.#endsAtMs = performance.now() + lengthMs
  }

  get isOver(): boolean {
    return performance.now() > this.#endsAtMs
  }

  /** Yields to the event loop for one tick, then starts the next slice. */
  async yield(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    this.#endsAtMs = performance.now() + this.#lengthMs
  }
}
