import cluster, { type Worker } from 'node:cluster'
import { performance } from 'node:perf_hooks'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { forwardLines } from '../log/forward-lines.ts'
import { METRICS } from '../telemetry/definitions.ts'
import { type Metric, metricOf } from '../telemetry/metric.ts'
import { deserializeError, type ToPrimary, type ToWorker } from './worker-messages.ts'
import { WorkerMetrics } from './worker-metrics.ts'

/** A worker process that listened for this long is restarted without a delay when it exits. */
const STABLE_AFTER_MS = 5000
/** Delay of a restart after the first failure in a row, doubled by each further one up to the maximum. */
const RESTART_DELAY_MS = { first: 100, max: 5000 } as const
/** How long workers may take to exit after the timeout of requests in flight, before they are killed. */
const EXIT_TIMEOUT_MS = 30_000

/** One of the workers by number, over all its restarts. */
type Slot = {
  readonly number: number
  worker: Worker | undefined
  listeningSinceMs: number | undefined
  failuresInRow: number
  restartTimer: NodeJS.Timeout | undefined
  restarts: number
  readonly metrics: WorkerMetrics
}

export type PoolOptions = {
  readonly size: number
  readonly log: Logger
  /** Writes a line that a worker has written to a standard stream. */
  readonly writeLine: Record<'stdout' | 'stderr', (line: string) => void>
  /** The first message to the worker with this number, counted from 0. */
  readonly startMessage: (number: number) => ToWorker
  /** Handles a request of a worker. `reply` does nothing if the worker has exited meanwhile. */
  readonly onRequest: (request: ToPrimary, reply: (message: ToWorker) => void) => void
  /** Timeout of requests in flight when the pool stops. */
  readonly stopTimeoutMs: number
}

/** Worker processes that listen on one address. A worker that exits is restarted with back-off. */
export class WorkerPool {
  readonly #options: PoolOptions
  readonly #slots: readonly Slot[]
  readonly #started = Promise.withResolvers<string>()
  #url: string | undefined
  #isStopping = false
  #onAllExited: (() => void) | undefined

  constructor(options: PoolOptions) {
    this.#options = options
    this.#slots = Array.from({ length: options.size }, (_, number) => ({
      number,
      worker: undefined,
      listeningSinceMs: undefined,
      failuresInRow: 0,
      restartTimer: undefined,
      restarts: 0,
      metrics: new WorkerMetrics(),
    }))
  }

  /**
   * Starts all workers and resolves with the URL when every one of them listens. If one fails to start, stops the others
   * and throws its error.
   */
  async start(): Promise<string> {
    // All workers accept from one shared socket, so connections queued while one dies are accepted by another.
    cluster.schedulingPolicy = cluster.SCHED_NONE
    const script = new URL(import.meta.url.endsWith('.ts') ? './worker-main.ts' : './worker-main.js', import.meta.url)
    // Workers do not share standard streams with this process: starting or ending a process makes those that it shares
    // blocking, and then a reader that has stopped would block this process too.
    const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const
    cluster.setupPrimary({ exec: fileURLToPath(script), args: [], serialization: 'advanced', stdio: [...stdio] })
    for (const slot of this.#slots) this.#startWorker(slot)
    try {
      return await this.#started.promise
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  /** Stops every worker after its requests in flight, and resolves when all processes have exited. */
  async stop(): Promise<void> {
    this.#isStopping = true
    for (const { worker, restartTimer } of this.#slots) {
      clearTimeout(restartTimer)
      if (worker !== undefined) send(worker, { kind: 'stop' })
    }
    const killTimer = setTimeout(() => this.#killAll(), this.#options.stopTimeoutMs + EXIT_TIMEOUT_MS)
    if (!this.#allExited) await new Promise<void>((resolve) => (this.#onAllExited = resolve))
    clearTimeout(killTimer)
  }

  /** Gives the metrics of every worker, and those of the pool. */
  async readMetrics(): Promise<readonly (readonly Metric[])[]> {
    const listening = this.#slots.filter(({ listeningSinceMs }) => listeningSinceMs !== undefined).length
    const restarts = this.#slots.reduce((sum, slot) => sum + slot.restarts, 0)
    const own = [metricOf(METRICS.workers, listening), metricOf(METRICS.workerRestarts, restarts)]
    const read = ({ worker, listeningSinceMs, metrics }: Slot) =>
      worker === undefined || listeningSinceMs === undefined
        ? metrics.known
        : metrics.read(() => send(worker, { kind: 'read-metrics' }))
    return [own, ...(await Promise.all(this.#slots.map(read)))]
  }

  get #allExited(): boolean {
    return this.#slots.every(({ worker }) => worker === undefined)
  }

  #killAll(): void {
    this.#options.log.error('workers did not exit before the timeout, sending SIGKILL')
    for (const { worker } of this.#slots) worker?.process.kill('SIGKILL')
  }

  #startWorker(slot: Slot): void {
    const worker = cluster.fork()
    slot.worker = worker
    slot.listeningSinceMs = undefined
    // A process that cannot be started, because of a limit or a missing program, is one that exited: `close` follows.
    worker.on('error', (err) => this.#options.log.error({ err, worker: slot.number }, 'worker process failed'))
    worker.on('message', (message: ToPrimary) => this.#onMessage(slot, worker, message))
    for (const name of ['stdout', 'stderr'] as const) {
      // Without file descriptors for them a process has no streams.
      const stream = worker.process[name] as Readable | undefined
      if (stream !== undefined) forwardLines(stream, this.#options.writeLine[name])
    }
    // Unlike `exit`, the event comes after the last line.
    worker.process.once('close', (code, signal) => this.#onExit(slot, worker, code, signal))
  }

  #onMessage(slot: Slot, worker: Worker, message: ToPrimary): void {
    switch (message.kind) {
      case 'ready':
        send(worker, this.#isStopping ? { kind: 'stop' } : this.#options.startMessage(slot.number))
        break
      case 'listening':
        this.#onListening(slot, message.url)
        break
      case 'start-failed':
        this.#onStartFailed(slot, deserializeError(message.error))
        break
      case 'metrics':
        slot.metrics.received(message.metrics)
        break
      default:
        this.#options.onRequest(message, (reply) => send(worker, reply))
    }
  }

  #onStartFailed(slot: Slot, error: Error): void {
    if (this.#url === undefined) this.#started.reject(error)
    else this.#options.log.error({ err: error, worker: slot.number }, 'worker failed to start')
  }

  #onListening(slot: Slot, url: string): void {
    slot.listeningSinceMs = performance.now()
    if (this.#url !== undefined || this.#slots.some(({ listeningSinceMs }) => listeningSinceMs === undefined)) return
    this.#url = url
    this.#started.resolve(url)
  }

  #onExit(slot: Slot, worker: Worker, code: number | null, signal: string | null): void {
    slot.worker = undefined
    slot.metrics.workerExited()
    if (this.#isStopping) {
      if (this.#allExited) this.#onAllExited?.()
      return
    }
    const reason = signal === null ? `code ${code}` : `signal ${signal}`
    if (this.#url === undefined) {
      this.#started.reject(new Error(`a worker process exited with ${reason} before it listened`))
      return
    }
    const { listeningSinceMs } = slot
    slot.listeningSinceMs = undefined
    slot.restarts++
    const wasStable = listeningSinceMs !== undefined && performance.now() - listeningSinceMs >= STABLE_AFTER_MS
    slot.failuresInRow = wasStable ? 0 : slot.failuresInRow + 1
    const delayMs = wasStable
      ? 0
      : Math.min(RESTART_DELAY_MS.first * 2 ** (slot.failuresInRow - 1), RESTART_DELAY_MS.max)
    const { pid } = worker.process
    this.#options.log.error({ worker: slot.number, pid, delayMs }, `worker exited with ${reason}, restarting it`)
    slot.restartTimer = setTimeout(() => this.#startWorker(slot), delayMs)
  }
}

/** Sends a message to a worker, unless its channel is closed. */
function send(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.process.send(message, undefined, {}, () => undefined)
}
