import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceProcess } from './service-process.ts'

/** Event-loop delays since the previous report, in milliseconds. */
export type LoopReport = {
  readonly maxMs: number
  readonly p99Ms: number
  /** The longest uninterrupted CPU time, which excludes waiting for a core. */
  readonly maxCpuMs: number
}

type Written = LoopReport & { readonly reports: number }

const ANSWER_TIMEOUT_MS = 60_000

/** A service whose event-loop delays are measured by a preloaded module. */
export class WatchedService {
  readonly service: ServiceProcess
  readonly #file: string
  #reports = 0

  private constructor(service: ServiceProcess, file: string) {
    this.service = service
    this.#file = file
  }

  static async start(folder: string, file: string, flags: readonly string[] = []): Promise<WatchedService> {
    // Not pinned: on one core the loop would wait for the writer thread and the garbage collector, which is not its own delay.
    const service = await ServiceProcess.start({
      folder,
      flags,
      isPinned: false,
      nodeFlags: ['--import', join(import.meta.dirname, 'loop-delay-preload.ts')],
      env: { TAGWERK_BENCH_LOOP_FILE: file },
    })
    return new WatchedService(service, file)
  }

  /** Returns the delays since the last report and starts the next one. */
  async report(): Promise<LoopReport> {
    this.service.signal('SIGUSR2')
    return this.#next()
  }

  /** Stops the service gracefully and returns the delays meanwhile. */
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
    throw new Error('the service does not report its event-loop delays')
  }
}
