import { aggregate, growing, type Metric } from '../telemetry/metric.ts'

/** How long a worker that is busy delays the metrics of all. After it, its last ones are used. */
const TIMEOUT_MS = 2000

/**
 * The metrics of one worker over all its restarts. What only grows never falls, because Prometheus would count a fall of
 * the sum over all workers as a restart from 0.
 */
export class WorkerMetrics {
  #former: readonly Metric[] = []
  #last: readonly Metric[] = []
  #reading: PromiseWithResolvers<void> | undefined

  /** The last known metrics. */
  get known(): readonly Metric[] {
    return aggregate([this.#former, this.#last])
  }

  /** Asks the worker for its metrics by `send`, and gives those that it had last if it does not answer in time. */
  async read(send: () => void): Promise<readonly Metric[]> {
    await (this.#reading?.promise ?? this.#ask(send))
    return this.known
  }

  /** Takes the metrics that the worker has sent. */
  received(metrics: readonly Metric[]): void {
    this.#last = metrics
    this.#done()
  }

  /** Keeps what the worker has counted, for the next one. What it counted since the last reading is lost. */
  workerExited(): void {
    this.#former = aggregate([this.#former, growing(this.#last)])
    this.#last = []
    this.#done()
  }

  #ask(send: () => void): Promise<void> {
    const reading = Promise.withResolvers<void>()
    this.#reading = reading
    const timer = setTimeout(() => this.#done(), TIMEOUT_MS)
    send()
    return reading.promise.finally(() => clearTimeout(timer))
  }

  #done(): void {
    this.#reading?.resolve()
    this.#reading = undefined
  }
}
