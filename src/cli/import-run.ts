import { setTimeout as sleep } from 'node:timers/promises'
import { ConnectionError } from './client.ts'
import { ApiError } from './error-answer.ts'
import type { CheckedBatch, RepeatCheck } from './import-repeats.ts'
import type { ImportAnswer, ImportReport } from './import-report.ts'
import type { Source } from './import-source.ts'
import { type Batch, type BatchLimits, batchesOf } from './line-batches.ts'

// Proxies refuse large bodies, nginx those over 1 MiB by default. The service allows 64 KiB and a carriage return per line;
// one byte more makes a truncated line too long in any case.
export const LIMITS: BatchLimits = { linesMax: 5000, bytesMax: 900_000, lineBytesMax: 64 * 1024 + 2 }

/** Statuses of temporary errors. */
const RETRIED_STATUSES: readonly number[] = [429, 502, 503, 504]
const RETRIES_MAX = 5
const FIRST_RETRY_DELAY_MS = 500
const RETRY_DELAY_MS_MAX = 60_000
/** A stopped import waits this long for the batch in flight. */
const STOP_WAIT_MS = 5000

/** How far an import got. */
export type Place = {
  /** The source that is being read. */
  readonly file: string
  /** Number of its last line for which the service answered, or that was empty. */
  readonly linesDone: number
  /** Lines that were sent but not answered. */
  readonly inDoubt: { readonly first: number; readonly last: number } | undefined
}

/** Sends lines to the service. */
export type SendLines = (batch: Batch, signal: AbortSignal) => Promise<ImportAnswer>

/** What an import needs to send its lines. */
export type ImportTarget = {
  readonly send: SendLines
  readonly repeats: RepeatCheck
  /** Stops the import with its reason. */
  readonly stop: AbortSignal
  /** Limits of a part. */
  readonly limits?: BatchLimits
  /** Is called with each answer before the next part is sent. */
  readonly onAnswer?: (answer: ImportAnswer, source: Source) => Promise<void>
  /** Is called after each answer. */
  readonly onProgress: (bytesRead: number) => void
}

/**
 * Sends the lines of sources in batches, in order and one at a time, because a later line replaces an earlier one of the
 * same resource. Reads the next batch while one is in flight.
 */
export class ImportRun {
  readonly #target: ImportTarget
  readonly #report: ImportReport
  #inFlight: Promise<void> = Promise.resolve()
  #place: Place | undefined
  #bytesBefore = 0

  constructor(target: ImportTarget, report: ImportReport) {
    this.#target = target
    this.#report = report
  }

  /** Undefined before the first source is read. */
  get place(): Place | undefined {
    return this.#place
  }

  /** Resolves when all lines are answered. After an error, `place` and the report tell what was done before. */
  async send(sources: readonly Source[]): Promise<void> {
    try {
      for (const source of sources) {
        await this.#sendFrom(source)
        await this.#inFlight
      }
    } catch (error) {
      // The batch in flight has an outcome of its own. If it fails, that error came first.
      await this.#inFlight
      throw error
    }
  }

  async #sendFrom(source: Source): Promise<void> {
    const { repeats, stop, onProgress } = this.#target
    this.#setPlace(source, 0)
    repeats.startSource(source.name, source.places)
    for await (const lines of batchesOf(source.bytes, this.#target.limits ?? LIMITS)) {
      const batch = repeats.check(lines)
      await this.#inFlight
      stop.throwIfAborted()
      const bytesSoFar = this.#bytesBefore + source.bytesRead()
      this.#inFlight = this.#sendBatch(source, batch).then(() => onProgress(bytesSoFar))
      // The error is thrown where the batch is awaited; this prevents an unhandled rejection until then.
      this.#inFlight.catch(() => undefined)
    }
    this.#bytesBefore += source.bytesRead()
  }

  async #sendBatch(source: Source, batch: CheckedBatch): Promise<void> {
    const last = batch.firstLine + batch.lines - 1
    this.#setPlace(source, batch.firstLine - 1, { first: batch.firstLine, last })
    const answer = await this.#answerTo(batch)
    this.#report.add(answer, source.locate, batch)
    await this.#target.onAnswer?.(answer, source)
    this.#setPlace(source, last)
  }

  #setPlace({ name, places }: Source, done: number, inDoubt?: Place['inDoubt']): void {
    const lines = inDoubt && { first: places.lineOf(inDoubt.first), last: places.lineOf(inDoubt.last) }
    this.#place = { file: name, linesDone: places.lineOf(done), inDoubt: lines }
  }

  /** Sends a batch, with retries after temporary errors. A repeated batch is idempotent. */
  async #answerTo(batch: Batch): Promise<ImportAnswer> {
    const { send, stop } = this.#target
    const abort = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const onStop = () => {
      timer = setTimeout(() => abort.abort(), STOP_WAIT_MS)
    }
    stop.addEventListener('abort', onStop)
    try {
      for (let retries = 0; ; retries++) {
        try {
          return await send(batch, abort.signal)
        } catch (error) {
          stop.throwIfAborted()
          if (!isTemporary(error) || retries === RETRIES_MAX) throw error
          // Stopping ends the wait; the loop then throws its reason.
          await sleep(retryDelayMs(error, retries), undefined, { signal: stop }).catch(() => stop.throwIfAborted())
        }
      }
    } finally {
      clearTimeout(timer)
      stop.removeEventListener('abort', onStop)
    }
  }
}

function isTemporary(error: unknown): boolean {
  return error instanceof ConnectionError || (error instanceof ApiError && RETRIED_STATUSES.includes(error.status))
}

/** The delay of the Retry-After header, or an exponential back-off without one. */
function retryDelayMs(error: unknown, retries: number): number {
  const retryAfterSeconds = error instanceof ApiError ? error.retryAfterSeconds : undefined
  const delayMs = retryAfterSeconds === undefined ? FIRST_RETRY_DELAY_MS * 2 ** retries : retryAfterSeconds * 1000
  return Math.min(delayMs, RETRY_DELAY_MS_MAX)
}
