import { writeMarker } from './store-marker.ts'
import type { SqliteWriter } from './writer.ts'
import type { WriterEvents } from './writer-client.ts'

/** What the maintenance reports. */
export type MaintenanceEvents = Omit<WriterEvents, 'onFailure'>

/** Time without a commit after which the write-ahead log is moved into the database file. */
const IDLE_MS = 1000
/** Longest time that a commit stays in the write-ahead log only, unless reads prevent moving it. */
const LOG_AGE_MAX_MS = 60_000
/** Time after which a checkpoint is retried that a read prevented. */
const RETRY_MS = 5000
/** Longest time that a commit is not counted by the marker, and most changes that are not. */
const MARKER_INTERVAL_MS = 250
const MARKER_CHANGES = 5000

/**
 * Keeps the part of the data small that is in the write-ahead log only, and notes the count of commits outside of it, so
 * that a loss is noticed at the next start. The count is raised only when the marker is due: in the commit after which it
 * is written, or else in a transaction of its own before.
 */
export class Maintenance {
  readonly #writer: SqliteWriter
  readonly #folder: string
  readonly #nowMs: () => number
  readonly #events: MaintenanceEvents
  readonly #warned = new Set<string>()
  #marked = -1
  #markedAtMs = Number.NEGATIVE_INFINITY
  #checkpointed: number
  #changesSinceMark = 0
  #lastCommitAtMs = 0
  #oldestInLogAtMs: number | undefined
  #timer: NodeJS.Timeout | undefined

  /** `nowMs` is a monotonic clock. Each failure is reported once in a row: none of them affects a commit. */
  constructor(writer: SqliteWriter, folder: string, nowMs: () => number, events: MaintenanceEvents) {
    this.#writer = writer
    this.#folder = folder
    this.#nowMs = nowMs
    this.#events = events
    this.#checkpointed = writer.transactions
    writer.isCountDue = () => this.#isMarkDue()
  }

  /** To be called after commits of some changes, outside of a transaction. */
  afterCommits(changes: number): void {
    if (this.#writer.transactions === this.#checkpointed) return
    const nowMs = this.#nowMs()
    this.#lastCommitAtMs = nowMs
    this.#oldestInLogAtMs ??= nowMs
    this.#changesSinceMark += changes
    if (this.#isMarkDue()) this.#mark()
    this.#setTimer(MARKER_INTERVAL_MS)
  }

  /**
   * Empties the write-ahead log and writes the marker. Gives false when that has to be repeated. To be called outside of
   * a transaction.
   */
  run(): boolean {
    // Before the checkpoint, which is to leave nothing in the log.
    this.#count()
    const { transactions } = this.#writer
    const isEmpty = this.#attempt('the write-ahead log could not be emptied', () => this.#writer.checkpoint())
    this.#events.onCheckpoint(isEmpty ? 'done' : 'prevented')
    if (isEmpty) {
      this.#checkpointed = transactions
      this.#oldestInLogAtMs = undefined
    }
    return this.#mark() && isEmpty
  }

  /** Stops the timer. */
  close(): void {
    clearTimeout(this.#timer)
  }

  #onTimer(): void {
    this.#timer = undefined
    const nowMs = this.#nowMs()
    const idleMs = nowMs - this.#lastCommitAtMs
    const isDue = idleMs >= IDLE_MS || nowMs - (this.#oldestInLogAtMs ?? nowMs) >= LOG_AGE_MAX_MS
    if (isDue) {
      if (!this.run()) this.#setTimer(RETRY_MS)
      return
    }
    this.#mark()
    this.#setTimer(MARKER_INTERVAL_MS)
  }

  #setTimer(delayMs: number): void {
    this.#timer ??= setTimeout(() => this.#onTimer(), delayMs)
  }

  #isMarkDue(): boolean {
    const isLate = this.#nowMs() - this.#markedAtMs >= MARKER_INTERVAL_MS
    return isLate || this.#changesSinceMark >= MARKER_CHANGES
  }

  #count(): boolean {
    return this.#attempt('the commits could not be counted', () => {
      this.#writer.count()
      return true
    })
  }

  #mark(): boolean {
    if (!this.#count()) return false
    const { identity } = this.#writer
    this.#markedAtMs = this.#nowMs()
    this.#changesSinceMark = 0
    if (identity.commits === this.#marked) return true
    const isWritten = this.#attempt('the marker could not be written', () => {
      writeMarker(this.#folder, identity)
      return true
    })
    if (isWritten) this.#marked = identity.commits
    return isWritten
  }

  /** Reports the first failure in a row. */
  #attempt(failure: string, task: () => boolean): boolean {
    try {
      const result = task()
      this.#warned.delete(failure)
      return result
    } catch (error) {
      if (!this.#warned.has(failure))
        this.#events.onWarning(`${failure}, in ${this.#folder}: ${(error as Error).message}`)
      this.#warned.add(failure)
      return false
    }
  }
}
