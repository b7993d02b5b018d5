const FIRST_AT_ROWS = 500
const LAST_AT_ROWS = 128_000
const GROWTH = 4

/**
 * Starts ANALYZE while tables grow from nothing. Autovacuum does so at most once a minute; until then the planner
 * assumes nearly empty tables, for which all indexes cost the same, and an import would scan all rows written so far
 * for each line.
 */
export class AutoAnalyze {
  readonly #analyze: () => Promise<unknown>
  #rows = 0
  #nextAt = FIRST_AT_ROWS

  /** A failure of `analyze` is ignored: it runs again when the tables have grown. */
  constructor(analyze: () => Promise<unknown>) {
    this.#analyze = analyze
  }

  /** Counts new rows. Starts ANALYZE in the background when there are four times as many as at the last run. */
  added(rows: number): void {
    this.#rows += rows
    if (this.#rows < this.#nextAt || this.#nextAt > LAST_AT_ROWS) return
    while (this.#nextAt <= this.#rows) this.#nextAt *= GROWTH
    this.#analyze().catch(() => undefined)
  }
}
