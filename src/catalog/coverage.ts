import { dayOf, startOfDay } from '../core/day.ts'
import { DomainError } from '../core/errors.ts'
import type { CoverageCount, CoverageDay, CoverageSeries, CoverageStore } from '../store/coverage-store.ts'
import type { TagStore } from '../store/store.ts'
import { type Counted, type CoverageRequest, countCoverage, type ValidityRules } from './coverage-counts.ts'
import { HorizonMoved } from './horizon-base.ts'
import type { PastReads } from './past-reads.ts'
import type { PastWalk } from './past-walk.ts'

export type CoverageOptions = {
  readonly store: CoverageStore & Pick<TagStore, 'getRevision' | 'revisionAt' | 'getHistoryState'>
  readonly moments: Pick<PastReads, 'read' | 'walk'>
  /** Gives the rules of a project for values; undefined without any. */
  readonly rulesOf?: (project: string) => Promise<ValidityRules | undefined>
}

/**
 * What became of a day: `made`, its counts are stored now; `kept`, they were stored before; `gone`, the state at its end is
 * no longer known; `empty`, the project had not been written to.
 */
export type RecordedDay = { readonly day: number; readonly outcome: 'made' | 'kept' | 'gone' | 'empty' }

/** How days are recorded. */
export type RecordOptions = {
  /** Keys to count besides those that are always counted. Days that are stored are counted again then. */
  readonly moreKeys?: readonly string[] | undefined
  /** Asked before each day: true ends the work. */
  readonly isOver?: () => boolean
}

/** How many resources have which keys: now, and at the end of each day. */
export class Coverage {
  readonly #options: CoverageOptions
  /** Projects whose days are being recorded. */
  readonly #recording = new Set<string>()

  constructor(options: CoverageOptions) {
    this.#options = options
  }

  /** Counts at the moment of the read in progress, see `countCoverage`. */
  async count(
    project: string,
    request: Omit<CoverageRequest, 'rules'>,
  ): Promise<{
    readonly revision: number
    readonly keys: readonly string[]
    readonly rules: string
    readonly counts: readonly Counted[]
  }> {
    const rules = await this.#options.rulesOf?.(project)
    const counted = await this.#options.moments.read(project, (index) =>
      countCoverage(index, project, { ...request, rules }),
    )
    return { ...counted, rules: rules?.id ?? '' }
  }

  /** Gives the days between two, both included, that are stored. */
  days(project: string, from: number, to: number): Promise<readonly CoverageDay[]> {
    return this.#options.store.listCoverageDays(project, from, to)
  }

  /** Gives the stored counts of a series between two days, both included. */
  series(
    project: string,
    series: CoverageSeries,
    from: number,
    to: number,
  ): Promise<readonly (CoverageCount & { readonly day: number })[]> {
    return this.#options.store.getCoverage(project, series, from, to)
  }

  /** Gives the first day whose state is known; 0 if the whole history is. */
  async firstKnownDay(project: string): Promise<number> {
    const { horizon, horizonAtMs } = await this.#options.store.getHistoryState(project)
    return horizon === 0 ? 0 : dayOf(horizonAtMs)
  }

  /**
   * Counts and stores the state at the end of each of some ascending days, which are over. Gives those that were looked
   * at. Throws `overloaded` while other days of the project are recorded.
   */
  async record(
    project: string,
    days: readonly number[],
    { moreKeys, isOver = () => false }: RecordOptions = {},
  ): Promise<readonly RecordedDay[]> {
    const [first, last] = [days[0], days.at(-1)]
    if (first === undefined || last === undefined) return []
    if (this.#recording.has(project)) {
      const detail = 'Other days of the project are being recorded.'
      throw new DomainError('overloaded', { retryAfterSeconds: 5, detail })
    }
    this.#recording.add(project)
    try {
      const stored = new Set((await this.days(project, first, last)).map(({ day }) => day))
      const rules = await this.#options.rulesOf?.(project)
      const walk = this.#options.moments.walk(project)
      const recorded: RecordedDay[] = []
      for (const day of days) {
        if (isOver()) break
        const isKept = stored.has(day) && moreKeys === undefined
        const made = isKept ? 'kept' : await this.#recordDay(project, day, walk, { moreKeys, rules })
        recorded.push({ day, outcome: made === 'gone' && stored.has(day) ? 'kept' : made })
      }
      return recorded
    } finally {
      this.#recording.delete(project)
    }
  }

  async #recordDay(
    project: string,
    day: number,
    walk: PastWalk,
    request: CoverageRequest,
  ): Promise<'made' | 'gone' | 'empty'> {
    const { store } = this.#options
    const revision = await store.revisionAt(project, startOfDay(day + 1) - 1)
    const { horizon } = await store.getHistoryState(project)
    if (revision < horizon) return 'gone'
    if (revision === 0) return 'empty'
    try {
      const counts = await this.#countAt(project, revision, walk, request)
      await store.putCoverage(project, { day, revision }, counts)
      return 'made'
    } catch (error) {
      if (error instanceof HorizonMoved) return 'gone'
      throw error
    }
  }

  /** Counts in the present index if it stands at the revision, so that nothing is loaded for a project at rest. */
  async #countAt(
    project: string,
    revision: number,
    walk: PastWalk,
    request: CoverageRequest,
  ): Promise<readonly Counted[]> {
    const { store, moments } = this.#options
    if ((await store.getRevision(project)) === revision) {
      const present = await moments.read(project, (index) => countCoverage(index, project, request))
      if (present.revision === revision) return present.counts
    }
    return (await countCoverage(await walk.at(revision), project, request)).counts
  }
}
