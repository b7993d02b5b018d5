import type { MonotonicClock } from '../core/clock.ts'
import type { ProjectQuota } from '../core/project-quota.ts'
import type { ProjectLimits } from '../store/account-records.ts'
import { BoundedMap } from './bounded-map.ts'
import { ENTRIES_MAX } from './revision-cache.ts'
import type { AccountReads } from './write-limit.ts'

/** The limits that apply to a project, and those of them that form its quota. */
export type AppliedLimits = Required<ProjectLimits> & { readonly quota: ProjectQuota }

/** How long limits that another process has changed may still apply. */
const KEPT_MS = 1000

/** Reads the limits of projects: those of the project itself, or else the defaults of the service. */
export class ProjectLimitReader {
  readonly #store: Pick<AccountReads, 'getProject'>
  readonly #defaults: AppliedLimits
  readonly #clock: MonotonicClock
  readonly #known = new BoundedMap<{ readonly limits: AppliedLimits; readonly readAtMs: number }>(ENTRIES_MAX)

  constructor(store: Pick<AccountReads, 'getProject'>, defaults: Required<ProjectLimits>, clock: MonotonicClock) {
    this.#store = store
    this.#defaults = withQuota(defaults)
    this.#clock = clock
  }

  /** Gives the limits of a project; the defaults when there is no such project. At once if they were read recently. */
  of(projectId: string): AppliedLimits | Promise<AppliedLimits> {
    const known = this.#known.get(projectId)
    return known !== undefined && this.#clock() - known.readAtMs < KEPT_MS ? known.limits : this.#read(projectId)
  }

  /** Makes the next call read a project's limits again. */
  forget(projectId: string): void {
    this.#known.delete(projectId)
  }

  /** The same for all projects. */
  forgetAll(): void {
    this.#known.clear()
  }

  async #read(projectId: string): Promise<AppliedLimits> {
    const readAtMs = this.#clock()
    const own = (await this.#store.getProject(projectId))?.limits ?? {}
    const before = this.#known.get(projectId)?.limits
    const read = Object.keys(own).length === 0 ? this.#defaults : withQuota({ ...this.#defaults, ...own })
    // The same object while nothing changes: writes are sent without a quota that equals the one before.
    const limits = before !== undefined && JSON.stringify(before) === JSON.stringify(read) ? before : read
    this.#known.set(projectId, { limits, readAtMs })
    return limits
  }
}

function withQuota(limits: Required<ProjectLimits>): AppliedLimits {
  const { resourcesMax, detailBytesMax } = limits
  return { ...limits, quota: { resourcesMax, detailBytesMax } }
}
