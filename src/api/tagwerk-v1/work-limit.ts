import { DomainError } from '../../core/errors.ts'
import type { Principal } from '../../iam/principal.ts'
import type { TagwerkErrorCode } from './error-codes.ts'

/** Limits on work of one kind that is under way at once. */
export type WorkLimits = {
  readonly total: number
  /** Also the limit of one user. */
  readonly perProject: number
}

/** Work that is under way. */
export type RunningWork = {
  /** Aborted when the work must end early, with an error that says why. */
  readonly signal: AbortSignal
  /** To be called when the work ends; a second call does nothing. */
  readonly end: () => void
}

type Entry = { readonly user: string; readonly project: string; readonly abort: AbortController }

/** Seconds after which a refused client should try again. */
const RETRY_AFTER_SECONDS = 5

/** Limits how much work of one kind is under way: in this process, for each project and for each user. */
export class WorkLimit {
  readonly #name: string
  readonly #limits: WorkLimits
  readonly #ofProject: (id: string) => Promise<number>
  /** In the order in which the work began. */
  readonly #running = new Set<Entry>()

  /** `name` is the plural of the work in messages, such as `exports`; `ofProject` gives the limit of a project. */
  constructor(name: string, limits: WorkLimits, ofProject = async (_id: string) => limits.perProject) {
    this.#name = name
    this.#limits = limits
    this.#ofProject = ofProject
  }

  /**
   * Begins work. Work of a domain counts for the domain instead of a project. Throws `work-limit-reached` above the limit
   * of the project or the user, and `total-work-limit-reached` above that of the process.
   */
  async begin({ user, scope }: Principal): Promise<RunningWork> {
    const project = scope.kind === 'project' ? scope.project.id : scope.domain.id
    const ofProject = scope.kind === 'project' ? await this.#ofProject(project) : this.#limits.perProject
    this.#refuseAt(ofProject, 'work-limit-reached', `of this ${scope.kind}`, (entry) => entry.project === project)
    const ofUser = Math.max(ofProject, this.#limits.perProject)
    this.#refuseAt(ofUser, 'work-limit-reached', 'of this user', (entry) => entry.user === user.id)
    this.#refuseAt(this.#limits.total, 'total-work-limit-reached', 'in all', () => true)
    const entry = { user: user.id, project, abort: new AbortController() }
    this.#running.add(entry)
    return { signal: entry.abort.signal, end: () => void this.#running.delete(entry) }
  }

  /** Ends the work that began first, with a reason. Gives false when none runs. */
  abortOldest(reason: string): boolean {
    for (const entry of this.#running) {
      if (entry.abort.signal.aborted) continue
      entry.abort.abort(new Error(reason))
      return true
    }
    return false
  }

  #refuseAt(limit: number, code: TagwerkErrorCode, whose: string, counts: (entry: Entry) => boolean): void {
    let running = 0
    for (const entry of this.#running) if (counts(entry)) running++
    if (running < limit) return
    throw new DomainError<TagwerkErrorCode>(code, {
      detail: `${running} ${this.#name} ${whose} run, which is the limit: try again when one has ended.`,
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    })
  }
}

/** The limits of all kinds of work. */
export type WorkLimitsByKind = {
  readonly exports: WorkLimit
  readonly imports: WorkLimit
  readonly dryRuns: WorkLimit
  readonly backfills: WorkLimit
  readonly rehearsals: WorkLimit
}
