import type { Clock } from '../core/clock.ts'
import type { DomainError } from '../core/errors.ts'
import type { ProjectQuota, ProjectUsage } from '../core/project-quota.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { TagChange } from '../core/tag-change.ts'
import type { TagQuery } from '../core/tag-query.ts'
import type { TagStore } from '../store/store.ts'
import {
  type Author,
  type Changed,
  type Preview,
  previewOn,
  type ResourceChange,
  type RulesReader,
  toChanged,
  toRequest,
} from './changes.ts'
import type { GroupCommit } from './group-commit.ts'
import { type PolicyReads, withPolicy } from './policy-rules.ts'
import { ProjectIndex } from './project-index.ts'
import { type Selection, selectResources } from './selection.ts'
import { TimeSlice } from './time-slice.ts'

export type BulkChangesOptions = {
  readonly store: Pick<TagStore, 'changesSince' | 'getHistoryState' | 'getUsage'> & PolicyReads
  readonly clock: Clock
  readonly commits: Pick<GroupCommit, 'writeFirst' | 'writeUnit'>
  readonly rulesOf: RulesReader
  /** Gives the quota of a project. Default: none. */
  readonly quotaOf?: ((project: string) => ProjectQuota | Promise<ProjectQuota>) | undefined
  /** Gives the index of a project, see `IndexCache.fresh`. */
  readonly fresh: (project: string) => Promise<ProjectIndex>
  /** See `TagIndexOptions`. */
  readonly seed: number
}

/** Changes that are read without a pause. */
const CHANGES_PER_READ = 100

const NO_USAGE: ProjectUsage = { resources: 0, detailBytes: 0 }

/** Changes of many resources of a project, and what such a change needs to know before. */
export class BulkChanges {
  readonly #options: BulkChangesOptions

  constructor(options: BulkChangesOptions) {
    this.#options = options
  }

  /**
   * Applies the first of some changes in order, as many as the write queue has room for, and resolves when they are
   * durable. Gives the effect of each, or its refusal; one refused change does not affect the others. `onAccepted` is
   * called synchronously with their number; changes of later calls are applied after them. Rejects with `overloaded`
   * when there is no room, and with `unavailable` when the store fails.
   */
  async changeFirst(
    project: string,
    changes: readonly ResourceChange[],
    author: Author,
    quota: ProjectQuota | undefined,
    onAccepted?: (count: number) => void,
  ): Promise<readonly (Changed | DomainError<string>)[]> {
    const { clock, commits, rulesOf } = this.#options
    const atMs = clock()
    const requests = changes.map((change) => toRequest(change, author, atMs, rulesOf(change.type, quota)))
    return (await commits.writeFirst(project, requests, onAccepted)).map((verdict, i) =>
      toChanged(verdict, changes[i]?.id ?? ''),
    )
  }

  /** Selects the resources that match and decides a change of their tags, see `selectResources`. */
  async select(
    project: string,
    types: readonly ResourceType[] | undefined,
    query: TagQuery,
    changeOf: (type: ResourceType) => TagChange,
  ): Promise<Selection> {
    const rulesOf = await withPolicy(this.#options.store, project, (type) => this.#options.rulesOf(type, undefined))
    return selectResources(project, await this.#options.fresh(project), types, query, { changeOf, rulesOf })
  }

  /**
   * Gives the resources that were changed above a revision, as `type/id`; undefined if there were too many changes, or if
   * some of them were forgotten.
   */
  async changedSince(project: string, revision: number, changesMax: number): Promise<ReadonlySet<string> | undefined> {
    const { store } = this.#options
    const changed = new Set<string>()
    const slice = new TimeSlice(project)
    let last = revision
    for (let left = changesMax + 1; left > 0; ) {
      const limit = Math.min(left, CHANGES_PER_READ)
      const changes = await store.changesSince(project, last, limit)
      for (const { type, id } of changes) changed.add(`${type}/${id}`)
      left -= changes.length
      if (left === 0) return undefined
      if (changes.length < limit) break
      last = changes.at(-1)?.revision as number
      if (slice.isOver) await slice.yield()
    }
    return (await store.getHistoryState(project)).horizon > revision ? undefined : changed
  }

  /**
   * Applies changes all or none, and resolves when they are durable. Gives the effect of each, or its refusal. Rejects as
   * `changeFirst`. `unit` is a text that no other call has.
   */
  async changeTogether(
    project: string,
    changes: readonly ResourceChange[],
    author: Author,
    unit: string,
  ): Promise<readonly (Changed | DomainError<string>)[]> {
    const { clock, commits, rulesOf } = this.#options
    const atMs = clock()
    const requests = changes.map(({ type, id, change }) =>
      toRequest({ type, id, change: { ...change, unit } as TagChange }, author, atMs, rulesOf(type, undefined)),
    )
    const verdicts = await commits.writeUnit(project, requests)
    return verdicts.map((verdict, i) => toChanged(verdict, changes[i]?.id ?? ''))
  }

  /** Gives the quota of a project, to pass to `changeFirst`. */
  async quota(project: string): Promise<ProjectQuota | undefined> {
    return this.#options.quotaOf?.(project)
  }

  /** Gives what the resources of a project take. */
  usage(project: string): Promise<ProjectUsage> {
    return this.#options.store.getUsage(project)
  }

  /** Gives a preview of changes to a project, or to one that does not exist yet; see `previewOn`. */
  async preview(project: string | undefined, isStateless = false): Promise<Preview> {
    const quota = project === undefined ? undefined : await this.quota(project)
    const rulesOf = (type: ResourceType) => this.#options.rulesOf(type, quota)
    if (project === undefined)
      return previewOn(new ProjectIndex({ seed: this.#options.seed }), NO_USAGE, rulesOf, isStateless)
    const rules = await withPolicy(this.#options.store, project, rulesOf)
    return previewOn(await this.#options.fresh(project), await this.usage(project), rules, isStateless)
  }
}
