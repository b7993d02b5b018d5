import type { Logger } from 'pino'
import type { Clock } from '../core/clock.ts'
import type { AccountStore } from '../store/account-store.ts'
import type { HistoryReads, HistoryWrites } from '../store/store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Changes that one transaction moves the horizon over, and the pause between two: other writes go on meanwhile. */
const CHANGES_PER_STEP = 1000
const STEP_PAUSE_MS = 20

/** What retention has done since the start of the process. */
export type RetentionCounts = {
  /** Changes that horizons moved over, and changes that were deleted. */
  readonly forgotten: number
  readonly deleted: number
  /** The latest time before which a project has no history any more, in milliseconds since 1970 UTC. */
  readonly horizonAtMs: number
}

export type RetentionParts = {
  readonly store: Pick<AccountStore, 'listDomains' | 'listProjects'> &
    HistoryWrites &
    Pick<HistoryReads, 'getHistoryState'>
  /** Gives how many days the history of a project is kept; 0 for no limit. */
  readonly daysOf: (project: string) => number | Promise<number>
  readonly clock: Clock
  readonly log: Logger
}

/** Forgets the history of projects that is older than it is kept. */
export class HistoryRetention {
  readonly #parts: RetentionParts
  readonly #stopping = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #counts: RetentionCounts = { forgotten: 0, deleted: 0, horizonAtMs: 0 }

  constructor(parts: RetentionParts) {
    this.#parts = parts
  }

  get counts(): RetentionCounts {
    return this.#counts
  }

  /** Forgets now, and once an hour until the end. */
  start(): void {
    void this.#forgetAndLog()
    this.#timer = setInterval(() => void this.#forgetAndLog(), HOUR_MS).unref()
  }

  /** Ends after the step that is under way. */
  end(): void {
    this.#stopping.abort()
    clearInterval(this.#timer)
  }

  /** Forgets what is too old in every project, in small steps. A step that is interrupted leaves what it found. */
  async forget(): Promise<void> {
    const { store } = this.#parts
    for (const domain of await store.listDomains()) {
      for (const { id } of await store.listProjects(domain.id)) {
        if (this.#stopping.signal.aborted) return
        await this.#forgetIn(id)
      }
    }
  }

  async #forgetIn(project: string): Promise<void> {
    const { store, daysOf, clock } = this.#parts
    const days = await daysOf(project)
    if (days === 0) return
    const beforeMs = clock() - days * DAY_MS
    while (!this.#stopping.signal.aborted) {
      const { changes, rows } = await store.forgetHistory(project, beforeMs, CHANGES_PER_STEP)
      const { forgotten, deleted } = this.#counts
      this.#counts = { ...this.#counts, forgotten: forgotten + changes, deleted: deleted + rows }
      if (changes < CHANGES_PER_STEP) break
      await new Promise((resolve) => setTimeout(resolve, STEP_PAUSE_MS).unref())
    }
    const { horizonAtMs } = await store.getHistoryState(project)
    this.#counts = { ...this.#counts, horizonAtMs: Math.max(this.#counts.horizonAtMs, horizonAtMs) }
  }

  async #forgetAndLog(): Promise<void> {
    try {
      await this.forget()
    } catch (err) {
      if (this.#stopping.signal.aborted) return
      this.#parts.log.warn({ err }, 'old history could not be forgotten, trying again in an hour')
    }
  }
}
