const FIRST_AT_ROWS = 500
const LAST_AT_ROWS = 128_000
const GROWTH = 4

/**
 * Has the server look at its tables early while they grow from nothing. It looks by itself once a minute at best, and until
 * then it takes every table for nearly empty, where any index is as good as another: an import would read all that it has
 * written so far for each line.
 */
export class AutoAnalyze {
  readonly #look: () => Promise<unknown>
  #rows = 0
  #nextAt = FIRST_AT_ROWS

  /** `look` may fail: then the next one mends it. */
  constructor(look: () => Promise<unknown>) {
    this.#look = look
  }

  /** Told of rows that came. Starts a look when there are several times as many as at the last, and does not wait for it. */
  added(rows: number): void {
    this.#rows += rows
    if (this.#rows < this.#nextAt || this.#nextAt > LAST_AT_ROWS) return
    while (this.#nextAt <= this.#rows) this.#nextAt *= GROWTH
    this.#look().catch(() => undefined)
  }
}
