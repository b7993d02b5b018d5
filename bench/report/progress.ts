import { SingleBar } from 'cli-progress'

/** A progress bar on a terminal; silent elsewhere. */
export type Progress = {
  start(what: string, total: number): void
  update(done: number): void
  stop(): void
}

/** A progress bar on standard error. */
export class TerminalProgress implements Progress {
  #bar: SingleBar | undefined

  start(what: string, total: number): void {
    this.stop()
    if (!process.stderr.isTTY) return
    this.#bar = new SingleBar({
      format: `${what} {bar} {percentage}% | {duration_formatted}, {eta_formatted} to go`,
      barCompleteChar: '=',
      barIncompleteChar: ' ',
      hideCursor: false,
      clearOnComplete: true,
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
