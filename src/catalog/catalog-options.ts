import type { Clock } from '../core/clock.ts'
import type { ProjectQuota } from '../core/project-quota.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { ChangeRules } from '../core/tag.ts'
import type { PageShape } from '../search-index/json-page.ts'
import type { TagStore } from '../store/store.ts'
import type { CommitObserver } from './group-commit.ts'
import type { LoaderOptions } from './index-loader.ts'
import type { PolicyReads } from './policy-rules.ts'

/** A page of results. Both are non-negative integers. */
export type Page = { readonly offset: number; readonly limit: number }

/** A page as JSON: the text before the resources, the shape of each resource, and the text after them. */
export type JsonPage = {
  readonly shape: PageShape
  readonly before: (total: number) => string
  readonly after: string
}

export type CatalogOptions = {
  readonly store: TagStore & PolicyReads
  readonly clock: Clock
  /** Limit on the writes that wait for their commit; more are refused with `overloaded`. */
  readonly writeQueueMax: number
  /** Gives the rules for changes of a type: the same object for the same ones. */
  readonly changeRulesOf: (type: ResourceType) => ChangeRules
  /** Gives the quota of a project. Default: none. */
  readonly quotaOf?: (project: string) => ProjectQuota | Promise<ProjectQuota>
  /** Called with errors that no caller receives, for the log. Must not throw. */
  readonly onError: (error: unknown) => void
  /** How indexes are loaded, and where their snapshots are saved. */
  readonly indexes: Omit<LoaderOptions, 'store'>
  /** Limit on the size of all cached indexes, see `IndexCache`; unlimited by default. */
  readonly indexBytesMax?: number
  /** Limit on the size of the small indexes that are not packed, see `SmallIndexes`. */
  readonly smallIndexBytesMax?: number
  /** Measures commits. */
  readonly observer?: CommitObserver
}
