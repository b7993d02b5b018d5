import cluster, { type Worker } from 'node:cluster'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { fromSentError, type ToPrimary, type ToWorker } from './worker-messages.ts'

/** A worker that answered for this long was sound: its place is filled again at once. */
const SOUND_AFTER_MS = 5000
/** How long a place stays empty after the first failure in a row, and at most. */
const PAUSE_MS = { first: 100, most: 5000 } as const
/** What workers get to end beyond the time that requests in flight have. */
const ENDING_MS = 30_000

/** A place for a worker, and who has it. */
type Place = {
  readonly number: number
  worker: Worker | undefined
  answeringSinceMs: number | undefined
  failuresInRow: number
  refill: NodeJS.Timeout | undefined
}

export type PoolOptions = {
  readonly size: number
  readonly log: Logger
  /** What the worker of a place, from 0 on, is told to begin with. */
  readonly firstWords: (place: number) => ToWorker
  /** Told what workers ask; `reply` comes to nothing when the worker is gone by then. */
  readonly onQuestion: (question: ToPrimary, reply: (message: ToWorker) => void) => void
  /** Time that requests in flight get at the end. */
  readonly stopTimeoutMs: number
}

/** Processes that answer on one address, and a new one for each that ends. */
export class WorkerPool {
  readonly #options: PoolOptions
  readonly #places: readonly Place[]
  readonly #started = Promise.withResolvers<string>()
  #url: string | undefined
  #isStopping = false
  #onEmpty: (() => void) | undefined

  constructor(options: PoolOptions) {
    this.#options = options
    this.#places = Array.from({ length: options.size }, (_, number) => ({
      number,
      worker: undefined,
      answeringSinceMs: undefined,
      failuresInRow: 0,
      refill: undefined,
    }))
  }

  /** Fills every place. Gives the address once all answer. Throws why one of them cannot; then none is left. */
  async start(): Promise<string> {
    // Every worker takes connections from the same queue: what waits for one that dies is taken by another.
    cluster.schedulingPolicy = cluster.SCHED_NONE
    const script = new URL(import.meta.url.endsWith('.ts') ? './worker-main.ts' : './worker-main.js', import.meta.url)
    cluster.setupPrimary({ exec: fileURLToPath(script), args: [], serialization: 'advanced' })
    for (const place of this.#places) this.#fill(place)
    try {
      return await this.#started.promise
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  /** Lets every worker finish what it has in flight, and waits until all are gone. */
  async stop(): Promise<void> {
    this.#isStopping = true
    for (const { worker, refill } of this.#places) {
      clearTimeout(refill)
      if (worker !== undefined) tell(worker, { kind: 'stop' })
    }
    const killAll = setTimeout(() => this.#killAll(), this.#options.stopTimeoutMs + ENDING_MS)
    if (!this.#isEmpty) await new Promise<void>((resolve) => (this.#onEmpty = resolve))
    clearTimeout(killAll)
  }

  get #isEmpty(): boolean {
    return this.#places.every(({ worker }) => worker === undefined)
  }

  #killAll(): void {
    this.#options.log.error('workers did not end in time and are killed')
    for (const { worker } of this.#places) worker?.process.kill('SIGKILL')
  }

  #fill(place: Place): void {
    const worker = cluster.fork()
    place.worker = worker
    place.answeringSinceMs = undefined
    worker.on('message', (message: ToPrimary) => this.#hear(place, worker, message))
    worker.once('exit', (code, signal) => this.#ended(place, worker, code, signal))
  }

  #hear(place: Place, worker: Worker, message: ToPrimary): void {
    switch (message.kind) {
      case 'here':
        tell(worker, this.#isStopping ? { kind: 'stop' } : this.#options.firstWords(place.number))
        break
      case 'answering':
        this.#answers(place, message.url)
        break
      case 'cannot-start':
        this.#cannotStart(place, fromSentError(message.error))
        break
      default:
        this.#options.onQuestion(message, (reply) => tell(worker, reply))
    }
  }

  #cannotStart(place: Place, error: Error): void {
    if (this.#url === undefined) this.#started.reject(error)
    else this.#options.log.error({ err: error, worker: place.number }, 'a worker cannot start')
  }

  #answers(place: Place, url: string): void {
    place.answeringSinceMs = performance.now()
    if (this.#url !== undefined || this.#places.some(({ answeringSinceMs }) => answeringSinceMs === undefined)) return
    this.#url = url
    this.#started.resolve(url)
  }

  #ended(place: Place, worker: Worker, code: number | null, signal: string | null): void {
    place.worker = undefined
    if (this.#isStopping) {
      if (this.#isEmpty) this.#onEmpty?.()
      return
    }
    const how = signal === null ? `with code ${code}` : `by ${signal}`
    if (this.#url === undefined) {
      this.#started.reject(new Error(`a worker process ended ${how} before it answered`))
      return
    }
    const { answeringSinceMs } = place
    const wasSound = answeringSinceMs !== undefined && performance.now() - answeringSinceMs >= SOUND_AFTER_MS
    place.failuresInRow = wasSound ? 0 : place.failuresInRow + 1
    const pauseMs = wasSound ? 0 : Math.min(PAUSE_MS.first * 2 ** (place.failuresInRow - 1), PAUSE_MS.most)
    const { pid } = worker.process
    this.#options.log.error({ worker: place.number, pid, pauseMs }, `a worker ended ${how}: another takes its place`)
    place.refill = setTimeout(() => this.#fill(place), pauseMs)
  }
}

/** Says something to a worker; when it is gone there is nobody to tell. */
function tell(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.process.send(message, undefined, {}, () => undefined)
}
