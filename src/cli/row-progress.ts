import { SingleBar } from 'cli-progress'
import type { Output } from './io.ts'

/** What is done sooner needs no bar. */
const QUIET_MS = 2000
const FORMAT = '{bar} {percentage}% | {duration_formatted}, {eta_formatted} to go'

/** Shows on a terminal how far a long piece of work is; elsewhere, and for the first two seconds, nothing. */
export class RowProgress {
  readonly #stream: Output
  readonly #nowMs: () => number
  readonly #startMs: number
  #bar: SingleBar | undefined

  /** `nowMs` is any clock that only goes forward. */
  constructor(stream: Output, nowMs: () => number) {
    this.#stream = stream
    this.#nowMs = nowMs
    this.#startMs = nowMs()
  }

  update(done: number, total: number): void {
    if (this.#bar !== undefined) this.#bar.update(done)
    else if (this.#stream.isTTY === true && this.#nowMs() - this.#startMs > QUIET_MS) {
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
