import type { Logger } from 'pino'
import type { Coverage } from '../catalog/coverage.ts'
import type { Clock } from '../core/clock.ts'
import { dayText, lastSettledDay } from '../core/day.ts'
import { DomainError } from '../core/errors.ts'
import type { AccountStore } from '../store/account-store.ts'
import type { CoverageStore } from '../store/coverage-store.ts'
import type { LeaseStore } from '../store/lease-store.ts'

const INTERVAL_MS = 60_000
/** The lease is extended at each project, and each project takes at most as long as the days that it has missed. */
const LEASE = 'daily-coverage'
const LEASE_MS = 15 * 60_000
/** Days that are made up for after the service was down. Further ones are stored by a call. */
const MISSED_DAYS_MAX = 31

/** What was stored since the start of the process. */
export type CoverageCounts = {
  /** Days of projects that were counted and stored. */
  readonly days: number
  /** Attempts that failed. */
  readonly failures: number
}

export type DailyCoverageParts = {
  readonly store: Pick<AccountStore, 'listDomains' | 'listProjects'> &
    LeaseStore &
    Pick<CoverageStore, 'forgetCoverage'>
  readonly coverage: Pick<Coverage, 'record' | 'days'>
  readonly clock: Clock
  /** Names this process among all that share the store. */
  readonly holder: string
  readonly log: Logger
}

/**
 * Stores the coverage of each project once a day, for the day before. Of all processes that share a store one does so, the
 * holder of a lease.
 */
export class DailyCoverage {
  readonly #parts: DailyCoverageParts
  readonly #stopping = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #isRunning = false
  /** The last day that is stored for every project. */
  #doneDay = Number.NEGATIVE_INFINITY
  #counts: CoverageCounts = { days: 0, failures: 0 }

  constructor(parts: DailyCoverageParts) {
    this.#parts = parts
  }

  get counts(): CoverageCounts {
    return this.#counts
  }

  /** Looks once a minute for a day that is over, until the end. */
  start(): void {
    this.#timer = setInterval(() => void this.#runAndLog(), INTERVAL_MS).unref()
  }

  /** Ends after the day that is under way. */
  end(): void {
    this.#stopping.abort()
    clearInterval(this.#timer)
  }

  /** Stores the last day that is over, and those before it that were missed, of every project that lacks them. */
  async run(): Promise<void> {
    const { store, clock, log } = this.#parts
    const day = lastSettledDay(clock())
    if (day <= this.#doneDay || !(await this.#takeLease())) return
    const startedAtMs = performance.now()
    let [days, projects, isWhole] = [0, 0, true]
    for (const domain of await store.listDomains()) {
      for (const { id } of await store.listProjects(domain.id)) {
        if (this.#stopping.signal.aborted || !(await this.#takeLease())) return
        const made = await this.#record(id, day)
        isWhole &&= made !== undefined
        days += made ?? 0
        projects++
      }
    }
    if (isWhole) this.#doneDay = day
    if (days === 0) return
    const ms = Math.round(performance.now() - startedAtMs)
    log.info({ day: dayText(day), projects, days, ms }, 'coverage of the last day stored')
  }

  #takeLease(): Promise<boolean> {
    const { store, clock, holder } = this.#parts
    return store.takeLease(LEASE, holder, clock(), clock() + LEASE_MS)
  }

  /** Gives how many days were stored; undefined if some are left. */
  async #record(project: string, day: number): Promise<number | undefined> {
    const { coverage, log } = this.#parts
    try {
      const last = (await coverage.days(project, day - MISSED_DAYS_MAX, day)).at(-1)?.day ?? day - 1
      const missed = Array.from({ length: day - last }, (_, i) => last + 1 + i)
      const isOver = () => this.#stopping.signal.aborted
      const recorded = await coverage.record(project, missed, { isOver })
      const made = recorded.filter(({ outcome }) => outcome === 'made').length
      this.#counts = { ...this.#counts, days: this.#counts.days + made }
      return recorded.length === missed.length ? made : undefined
    } catch (err) {
      if (this.#stopping.signal.aborted) return undefined
      // A call may be storing days of the project.
      if (!(err instanceof DomainError && err.code === 'overloaded')) {
        this.#counts = { ...this.#counts, failures: this.#counts.failures + 1 }
        log.warn({ err, project }, 'the coverage of a project could not be stored, trying again in a minute')
      }
      return undefined
    }
  }

  async #runAndLog(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    try {
      await this.run()
      while (!this.#stopping.signal.aborted && (await this.#parts.store.forgetCoverage()) > 0);
    } catch (err) {
      if (this.#stopping.signal.aborted) return
      this.#counts = { ...this.#counts, failures: this.#counts.failures + 1 }
      this.#parts.log.warn({ err }, 'the coverage of the last day could not be stored, trying again in a minute')
    } finally {
      this.#isRunning = false
    }
  }
}
