import { SingleBar } from 'cli-progress'

/** Shows on a terminal how far something is that takes a while; elsewhere it says nothing. */
export type Progress = {
  start(what: string, total: number): void
  update(done: number): void
  stop(): void
}

/** Progress on standard error. */
export class TerminalProgress implements Progress {
  #bar: SingleBar | undefined

  start(what: string, total: number): void {
    this.stop()
    if (!process.stderr.isTTY) return
    this.#bar = new SingleBar({
      format: `${what} {bar} {percentage}% | {duration_formatted}, {eta_formatted} to go`,
      ...{ barCompleteChar: '=', barIncompleteChar: ' ', hideCursor: false, clearOnComplete: true },
    })
    this.#bar.start(total, 0)
  }

  update(done: number): void {
    this.#bar?.update(done)
  }

  stop(): void {
    this.#bar?.stop()
    this.#bar = undefined
  }
}
