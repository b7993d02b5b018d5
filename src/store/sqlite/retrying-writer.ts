import { performance } from 'node:perf_hooks'
import { StoreUnavailable } from '../store.ts'
import { type DataFolder, lockDataFolder } from './data-folder.ts'
import { failureOf, isUnwritable } from './sqlite-errors.ts'
import { type SendWrite, type WriterEvents, WriterThread } from './writer-client.ts'

/** Shortest time between two attempts to start the writer. */
const RETRY_MS = 1000

/**
 * The writer of a data folder, started when the folder can be written to. On a disk that is full or read-only a start is
 * not an error, if the store can be read: writes fail, and each of them tries again.
 */
export class RetryingWriter {
  readonly #folder: string
  readonly #events: WriterEvents
  readonly #prepare: () => Promise<void>
  readonly #isEphemeral: boolean
  #lock: DataFolder | undefined
  #thread: WriterThread | undefined
  #starting: Promise<WriterThread> | undefined
  #lastAttemptAtMs = Number.NEGATIVE_INFINITY
  #lastError: Error | undefined
  #isClosed = false

  /** `prepare` runs in the locked folder before each start of the writer. `isEphemeral`: see `ConnectionOptions`. */
  constructor(folder: string, events: WriterEvents, prepare: () => Promise<void>, isEphemeral = false) {
    this.#folder = folder
    this.#events = events
    this.#prepare = prepare
    this.#isEphemeral = isEphemeral
  }

  /** Locks the folder and starts the writer. `canRead` says if the store can be used without. */
  async open(canRead: () => Promise<boolean>): Promise<void> {
    try {
      await this.#start()
    } catch (error) {
      if (!isUnwritable(error) || !(await canRead())) throw error
      this.#events.onWarning(
        `the data folder ${this.#folder} cannot be written to (${(error as Error).message}): reads are answered, writes ` +
          'fail until it can',
      )
    }
  }

  readonly send: SendWrite = async (call) => {
    if (this.#isClosed) throw new StoreUnavailable('the store is closed')
    return (this.#thread ?? (await this.#retry())).send(call)
  }

  /** Waits for the pending calls, ends the writer and unlocks the folder. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#starting?.catch(() => undefined)
    await this.#thread?.close()
    this.#lock?.release()
  }

  async #retry(): Promise<WriterThread> {
    const isTooEarly = performance.now() - this.#lastAttemptAtMs < RETRY_MS
    if (this.#starting === undefined && isTooEarly) throw this.#lastError
    try {
      return await this.#start()
    } catch {
      throw this.#lastError
    }
  }

  /** Starts the writer; concurrent calls share one attempt. */
  #start(): Promise<WriterThread> {
    this.#starting ??= this.#attempt().finally(() => {
      this.#starting = undefined
    })
    return this.#starting
  }

  async #attempt(): Promise<WriterThread> {
    this.#lastAttemptAtMs = performance.now()
    try {
      this.#lock ??= lockDataFolder(this.#folder)
      await this.#prepare()
      this.#thread = await WriterThread.start(this.#folder, this.#events, this.#isEphemeral)
    } catch (error) {
      this.#lastError = new StoreUnavailable((error as Error).message, failureOf(error), { cause: error })
      throw error
    }
    if (this.#lastError !== undefined) this.#events.onWarning(`the data folder ${this.#folder} can be written to again`)
    return this.#thread
  }
}
