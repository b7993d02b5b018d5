import { SingleBar } from 'cli-progress'
import type { Output } from './io.ts'

/** No bar is shown for work that takes less time. */
const SHOW_AFTER_MS = 2000
const FORMAT_WITH_TOTAL = '{bar} {percentage}% | {duration_formatted}, {eta_formatted} left'

/** A progress bar for long work, shown on a terminal only and after two seconds. */
export class RowProgress {
  readonly #stream: Output
  readonly #nowMs: () => number
  readonly #startMs: number
  readonly #what: string
  #bar: SingleBar | undefined

  /** `nowMs` is a monotonic clock; `what` is counted. */
  constructor(stream: Output, nowMs: () => number, what = 'resources') {
    this.#what = what
    this.#stream = stream
    this.#nowMs = nowMs
    this.#startMs = nowMs()
  }

  /** `total` is undefined if the amount of work is unknown; then only the count is shown. */
  update(done: number, total: number | undefined): void {
    if (this.#bar !== undefined) this.#bar.update(done)
    else if (this.#stream.isTTY === true && this.#nowMs() - this.#startMs > SHOW_AFTER_MS) {
      this.#bar = new SingleBar({
        stream: this.#stream,
        format: total === undefined ? `{value} ${this.#what} | {duration_formatted}` : FORMAT_WITH_TOTAL,
        barCompleteChar: '=',
        barIncompleteChar: ' ',
        hideCursor: false,
        clearOnComplete: true,
      })
      this.#bar.start(total ?? 0, done)
    }
  }

  stop(): void {
    this.#bar?.stop()
  }
}
