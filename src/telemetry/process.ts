import { Histogram } from '../core/histogram.ts'
import { METRICS, SECONDS_BOUNDS } from './definitions.ts'
import { type Metric, metricOf } from './metric.ts'

/** Interval of the timer that measures the delay of the event loop. */
const DELAY_INTERVAL_MS = 50

/** Memory, processor time and event loop of this process. */
export class ProcessMetrics {
  readonly #version: string
  readonly #startSeconds: number
  readonly #droppedLines: () => number
  readonly #delay = new Histogram(SECONDS_BOUNDS)
  readonly #timer: NodeJS.Timeout | undefined

  /**
   * `nowMs` is a monotonic clock, `clock` the wall clock; `droppedLines` gives how many log lines were dropped. A process
   * whose metrics nobody reads is not woken by a timer.
   */
  constructor(options: {
    readonly version: string
    readonly clock: () => number
    readonly nowMs: () => number
    readonly droppedLines: () => number
    readonly measuresDelay: boolean
  }) {
    const { nowMs } = options
    this.#version = options.version
    this.#startSeconds = options.clock() / 1000 - process.uptime()
    this.#droppedLines = options.droppedLines
    if (!options.measuresDelay) return
    let dueMs = nowMs() + DELAY_INTERVAL_MS
    this.#timer = setInterval(() => {
      const now = nowMs()
      this.#delay.add(Math.max(0, now - dueMs) / 1000)
      dueMs = now + DELAY_INTERVAL_MS
    }, DELAY_INTERVAL_MS).unref()
  }

  /** The metrics of this process. */
  read(): readonly Metric[] {
    const { user, system } = process.cpuUsage()
    const { rss, heapUsed } = process.memoryUsage()
    return [
      metricOf(METRICS.build, [{ labels: { version: this.#version }, value: 1 }]),
      metricOf(METRICS.eventLoopDelay, this.#delay.read()),
      metricOf(METRICS.heapBytes, heapUsed),
      metricOf(METRICS.cpuSeconds, (user + system) / 1e6),
      metricOf(METRICS.residentBytes, rss),
      metricOf(METRICS.startTime, this.#startSeconds),
      metricOf(METRICS.logLinesDropped, this.#droppedLines()),
    ]
  }

  /** Stops the timer. */
  close(): void {
    clearInterval(this.#timer)
  }
}
