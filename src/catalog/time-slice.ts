/**
 * Long work a few milliseconds at a time: while it is not over, the work goes on; then everything else that has come in has
 * its turn, and another one begins.
 */
export class TimeSlice {
  readonly #lengthMs: number
  #endsMs: number

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs
    this.#endsMs = performance.now() + lengthMs
  }

  get isOver(): boolean {
    return performance.now() > this.#endsMs
  }

  /** Lets everything else run, and begins the next turn. */
  async yield(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    this.#endsMs = performance.now() + this.#lengthMs
  }
}
