import type { Logger } from 'pino'
import type { MonotonicClock } from '../core/clock.ts'
import type { StoreEvents } from '../store/open.ts'
import { describeFailure, type Store, type StoreFailure, StoreUnavailable } from '../store/store.ts'
import { watchWrites } from '../store/watch-writes.ts'
import { Outage } from './outage.ts'

/** How long the outcome of the last write counts as the state of the store. */
const FRESH_MS = { written: 5000, failed: 1000 } as const
/** A write that takes longer counts as one that does not work. */
const PROBE_TIMEOUT_MS = 2000

/** Knows whether reads and writes of a store work, for the log and for `/readyz`. */
export class StoreHealth {
  readonly #log: Logger
  readonly #clock: MonotonicClock
  readonly #reads: Outage
  readonly #writes: Outage
  /** Errors of writes, which also reach the caller of the write. */
  readonly #seen = new WeakSet<object>()
  #store: Store | undefined
  #isUnreachable = false
  #hasFailedForGood = false
  #writeFailure: StoreFailure | undefined
  #lastWriteAtMs = Number.NEGATIVE_INFINITY
  #probe: Promise<void> | undefined

  constructor(log: Logger, clock: MonotonicClock) {
    this.#log = log
    this.#clock = clock
    this.#reads = new Outage({ log, clock, what: 'reads', probe: async () => this.#store?.getAccountsRevision() })
    this.#writes = new Outage({ log, clock, what: 'writes', probe: async () => this.#probeWrite() })
  }

  /** What the store reports while it is open. `onFailure` receives a fatal error. */
  events(onFailure: (error: Error) => void): StoreEvents {
    return {
      onFailure: (error) => {
        this.#hasFailedForGood = true
        this.#log.fatal({ err: error }, 'the store has failed for good: the service has to be restarted')
        onFailure(error)
      },
      onWarning: (message) => this.#log.warn(message),
      onUnreachable: (reason) => {
        this.#isUnreachable = true
        this.#log.error({ reason }, 'database unreachable, answering 503')
      },
      onReachable: () => {
        this.#isUnreachable = false
        this.#log.warn('database reachable again')
      },
    }
  }

  /** Gives a store that does the same, and whose writes are watched. */
  watch(store: Store): Store {
    this.#store = watchWrites(store, {
      onWritten: () => {
        this.#writeFailure = undefined
        this.#lastWriteAtMs = this.#clock()
      },
      onWriteFailed: (error) => this.#writeFailed(error),
    })
    return this.#store
  }

  /** Takes notice of a request that failed with the store. */
  requestFailed(error: unknown): void {
    if (!(error instanceof StoreUnavailable) || this.#seen.has(error)) return
    this.#reads.failed(error, this.#isUnreachable)
  }

  /** Says why the service cannot work now, in words for callers; undefined when it can. */
  async whyNotReady(): Promise<string | undefined> {
    if (this.#hasFailedForGood) return describeFailure('other')
    try {
      const revision = await (this.#store as Store).getAccountsRevision()
      return revision > 0 ? undefined : 'The initial accounts do not exist yet.'
    } catch (error) {
      return describeFailure(error instanceof StoreUnavailable ? error.failure : 'other')
    }
  }

  /**
   * Says why no write works now, in words for callers; undefined when writes work. Without a recent write it makes one, so
   * that a full disk shows before a caller meets it.
   */
  async whyWritesFail(): Promise<string | undefined> {
    const ageMs = this.#clock() - this.#lastWriteAtMs
    if (ageMs > (this.#writeFailure === undefined ? FRESH_MS.written : FRESH_MS.failed)) {
      const isSlow = await Promise.race([
        this.#probeWrite().then(
          () => false,
          () => false,
        ),
        new Promise<boolean>((resolve) => setTimeout(() => resolve(true), PROBE_TIMEOUT_MS).unref()),
      ])
      if (isSlow) return describeFailure('busy')
    }
    return this.#writeFailure && describeFailure(this.#writeFailure)
  }

  /** Ends the probes. */
  close(): void {
    this.#reads.close()
    this.#writes.close()
  }

  #writeFailed(error: unknown): void {
    if (!(error instanceof StoreUnavailable)) return
    this.#seen.add(error)
    this.#writeFailure = error.failure
    this.#lastWriteAtMs = this.#clock()
    this.#writes.failed(error, this.#isUnreachable)
  }

  /** Makes one write, which concurrent callers share. */
  #probeWrite(): Promise<void> {
    this.#probe ??= (this.#store as Store).probeWrite().finally(() => (this.#probe = undefined))
    return this.#probe
  }
}
