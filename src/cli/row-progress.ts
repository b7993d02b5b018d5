import { SingleBar } from 'cli-progress'
import type { Output } from './io.ts'

/** No bar is shown for work that takes less time. */
const SHOW_AFTER_MS = 2000
const FORMAT = '{bar} {percentage}% | {duration_formatted}, {eta_formatted} left'

/** A progress bar for long work, shown on a terminal only and after two seconds. */
export class RowProgress {
  readonly #stream: Output
  readonly #nowMs: () => number
  readonly #startMs: number
  #bar: SingleBar | undefined

  /** `nowMs` is a monotonic clock. */
  constructor(stream: Output, nowMs: () => number) {
    this.#stream = stream
    this.#nowMs = nowMs
    this.#startMs = nowMs()
  }

  update(done: number, total: number): void {
    if (this.#bar !== undefined) this.#bar.update(done)
    else if (this.#stream.isTTY === true && this.#nowMs() - this.#startMs > SHOW_AFTER_MS) {
      this.#bar = new SingleBar({
        stream: this.#stream,
        format: FORMAT,
        barCompleteChar: '=',
        barIncompleteChar: ' ',
        hideCursor: false,
        clearOnComplete: true,
      })
      this.#bar.start(total, done)
    }
  }

  stop(): void {
    this.#bar?.stop()
  }
}
