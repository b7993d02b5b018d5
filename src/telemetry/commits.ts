import { Histogram } from '../core/histogram.ts'
import { COUNT_BOUNDS, METRICS, SECONDS_BOUNDS } from './definitions.ts'
import { type Metric, metricOf } from './metric.ts'
import type { Tracing } from './tracing.ts'

/** Times commits and the calls that wait for them, and traces the latter. */
export class CommitMetrics {
  readonly #nowMs: () => number
  readonly #tracing: Tracing | undefined
  readonly #waitSeconds = new Histogram(SECONDS_BOUNDS)
  readonly #commitSeconds = new Histogram(SECONDS_BOUNDS)
  readonly #writes = new Histogram(COUNT_BOUNDS)
  #failures = 0

  /** `nowMs` is a monotonic clock. */
  constructor(nowMs: () => number, tracing: Tracing | undefined) {
    this.#nowMs = nowMs
    this.#tracing = tracing
  }

  /** To be called when a call begins to wait for its writes; the result, when they are durable or have failed. */
  readonly waits = (writes: number): ((error?: unknown) => void) => {
    const startMs = this.#nowMs()
    const endSpan = this.#tracing?.startCommit(writes)
    return (error) => {
      this.#waitSeconds.add((this.#nowMs() - startMs) / 1000)
      endSpan?.(error)
    }
  }

  /** To be called when the store begins a commit; the result, when it is done or has failed. */
  readonly commits = (writes: number): ((error?: unknown) => void) => {
    const startMs = this.#nowMs()
    return (error) => {
      this.#commitSeconds.add((this.#nowMs() - startMs) / 1000)
      this.#writes.add(writes)
      if (error !== undefined) this.#failures++
    }
  }

  /** The metrics of commits. */
  read(): readonly Metric[] {
    return [
      metricOf(METRICS.writeWaitSeconds, this.#waitSeconds.read()),
      metricOf(METRICS.commitSeconds, this.#commitSeconds.read()),
      metricOf(METRICS.commitWrites, this.#writes.read()),
      metricOf(METRICS.commitFailures, this.#failures),
    ]
  }
}
