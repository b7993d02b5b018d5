import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceProcess } from './service-process.ts'

/** How long the event loop was held up since the report before, in milliseconds. */
export type LoopReport = {
  readonly maxMs: number
  readonly p99Ms: number
  /** The most processor time that went by in one go: without the time in which the process waited for its turn. */
  readonly maxCpuMs: number
}

type Written = LoopReport & { readonly reports: number }

const ANSWER_TIMEOUT_MS = 60_000

/** A service whose event loop is watched from within, by a file that is loaded before it. */
export class WatchedService {
  readonly service: ServiceProcess
  readonly #file: string
  #reports = 0

  private constructor(service: ServiceProcess, file: string) {
    this.service = service
    this.#file = file
  }

  static async start(folder: string, file: string): Promise<WatchedService> {
    // On a core of its own with the threads that write and collect, the loop would wait for its turn, which says nothing of it.
    const service = await ServiceProcess.start({
      folder,
      isPinned: false,
      nodeFlags: ['--import', join(import.meta.dirname, 'loop-delay-preload.ts')],
      env: { TAGWERK_BENCH_LOOP_FILE: file },
    })
    return new WatchedService(service, file)
  }

  /** What the loop went through since the last report, which begins the next one. */
  async report(): Promise<LoopReport> {
    this.service.signal('SIGUSR2')
    return this.#next()
  }

  /** Stops the service in an orderly way, and gives what its loop went through meanwhile. */
  async stop(): Promise<LoopReport & { readonly tookMs: number }> {
    const tookMs = await this.service.stop()
    return { ...(await this.#next()), tookMs }
  }

  async #next(): Promise<Written> {
    const endMs = performance.now() + ANSWER_TIMEOUT_MS
    while (performance.now() < endMs) {
      const text = await readFile(this.#file, 'utf8').catch(() => undefined)
      const written = text === undefined ? undefined : (JSON.parse(text) as Written)
      if (written !== undefined && written.reports > this.#reports) {
        this.#reports = written.reports
        return written
      }
      await sleep(5)
    }
    throw new Error('the service does not say how its event loop fares')
  }
}
