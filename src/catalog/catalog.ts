import type { Clock } from '../core/clock.ts'
import { DomainError, resourceNotFound } from '../core/errors.ts'
import { inProject } from '../core/expression/decided-query.ts'
import type { ProjectQuota } from '../core/project-quota.ts'
import type { IndexedResource, Resource } from '../core/resource.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { ChangeRules } from '../core/tag.ts'
import type { TagChange } from '../core/tag-change.ts'
import type { TagQuery } from '../core/tag-query.ts'
import type { PageShape } from '../search-index/json-page.ts'
import type { TagsView } from '../search-index/tags-view.ts'
import type { TagStore, Verdict } from '../store/store.ts'
import { BufferPool } from './buffer-pool.ts'
import { BulkChanges } from './bulk-changes.ts'
import { type Author, type Changed, type RulesReader, rulesReader, toChanged, toRequest } from './changes.ts'
import type { CombinedRequest, CombinedResult } from './combined-request.ts'
import { searchCombined } from './combined-search.ts'
import { readyFilter } from './filters.ts'
import { type CommitObserver, GroupCommit } from './group-commit.ts'
import { History } from './history.ts'
import { IndexCache } from './index-cache.ts'
import { IndexLoader, type LoaderOptions } from './index-loader.ts'
import { IndexMaintenance } from './index-maintenance.ts'
import { nearDuplicates } from './near-duplicates.ts'
import { answerInSteps, type FoundPage, findPage } from './page-search.ts'
import type { ProjectIndex } from './project-index.ts'
import { type Answer, QueryBatcher } from './query-batcher.ts'
import { type ScanOptions, type ScanVisitor, scanResources } from './resource-scan.ts'
import { coalesceSnapshots, Snapshotter } from './snapshotter.ts'
import { countTags, type TagCount, type TagCountsPage } from './tag-counts.ts'
import { TimeSlice } from './time-slice.ts'
import { SMALL_INDEXES_BYTES, SmallIndexes } from './type-index.ts'

// API families import the catalog's types, and the page shapes of the search index, from this file only.
export type { PageShape } from '../search-index/json-page.ts'
export type { TagsView } from '../search-index/tags-view.ts'
export type { Author, Changed, Preview, Previewed, ResourceChange } from './changes.ts'
export type { CombinedResult, Cursor, Facet } from './combined-request.ts'
export type { ActivityFilter, HistoricalChange, HistoryPage, Moment } from './history.ts'
export type { DifferenceFilter, DifferentResource, HistoryDifference } from './history-difference.ts'
export type { FoundGroup } from './near-duplicates.ts'
export type { FoundResource } from './page-search.ts'
export type { PlanLine, PlanSource } from './plan-sources.ts'
export type { PlanApplied, PlanRequest, Plans } from './plans.ts'
export type { SelectedResource, Selection } from './selection.ts'
export type { TagCount } from './tag-counts.ts'

/** A page of results. Both are non-negative integers. */
export type Page = { readonly offset: number; readonly limit: number }

/** A page as JSON: the text before the resources, the shape of each resource, and the text after them. */
export type JsonPage = {
  readonly shape: PageShape
  readonly before: (total: number) => string
  readonly after: string
}

export type CatalogOptions = {
  readonly store: TagStore
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

/** Limit on the changes of one commit, and so on those that are applied all or none. */
export const CHANGES_PER_COMMIT_MAX = 500

/**
 * The resources of all projects with their tags: the only module that knows store and index. Every read reflects all
 * writes that were acknowledged before it began, and gives the revision of the project that it reflects.
 *
 * An index has one state, the latest. A short read copies its result out of the index in the tick in which it reads the
 * revision. A long one, in time slices, reads a view (`tagsInUse`), or keeps what changes meanwhile (`scan`).
 */
export class Catalog {
  /** Changes of many resources. */
  readonly bulk: BulkChanges
  /** What was changed, and when. */
  readonly history: History
  /** The indexes, for the service that runs the catalog. */
  readonly indexes: IndexMaintenance
  readonly #store: TagStore
  readonly #clock: Clock
  readonly #commits: GroupCommit
  readonly #rulesOf: RulesReader
  readonly #onError: (error: unknown) => void
  readonly #indexes: IndexCache
  readonly #batcher = new QueryBatcher()
  readonly #buffers = new BufferPool()

  constructor(options: CatalogOptions) {
    const { store, clock, indexes, indexBytesMax = Number.POSITIVE_INFINITY, onError } = options
    this.#store = store
    this.history = new History(store)
    this.#clock = clock
    this.#rulesOf = rulesReader(options.changeRulesOf)
    this.#onError = onError
    const small = new SmallIndexes(options.smallIndexBytesMax ?? SMALL_INDEXES_BYTES)
    const loaderOptions = { ...indexes, store, small, makeSnapshot: coalesceSnapshots(indexes.makeSnapshot) }
    this.#indexes = new IndexCache({
      store,
      loader: new IndexLoader(loaderOptions),
      bytesMax: indexBytesMax,
      onEvicted: (project, index) => snapshotter.evicted(project, index),
    })
    const snapshotter = new Snapshotter(this.#indexes.entries, loaderOptions)
    this.indexes = new IndexMaintenance(this.#indexes, snapshotter, onError)
    this.#commits = new GroupCommit({
      store,
      queueMax: options.writeQueueMax,
      batchMax: CHANGES_PER_COMMIT_MAX,
      onCommitted: (project, verdicts) => this.#applyCommitted(project, verdicts),
      onStoreError: onError,
      observer: options.observer,
    })
    this.bulk = new BulkChanges({
      store,
      clock,
      commits: this.#commits,
      rulesOf: this.#rulesOf,
      quotaOf: options.quotaOf,
      fresh: (project) => this.#indexes.fresh(project),
      seed: indexes.seed,
    })
  }

  /** Gives the index of a project as fresh as a read needs it, for other parts of the catalog. */
  freshIndex(project: string): Promise<ProjectIndex> {
    return this.#indexes.fresh(project)
  }

  /** Gives a project's last committed revision. */
  revision(project: string): Promise<number> {
    return this.#store.getRevision(project)
  }

  /** Gives the types that a project has resources of, ascending. */
  async types(project: string): Promise<readonly ResourceType[]> {
    return (await this.#indexes.fresh(project)).types
  }

  /** Gives how many resources match, and a page of them in order of creation. `owner`: see `TimeSlice`. */
  async find(
    project: string,
    type: ResourceType,
    query: TagQuery,
    page: Page,
    owner = project,
  ): Promise<{ revision: number; total: number; resources: readonly IndexedResource[] }> {
    const { revision, totals, resources } = await findPage(
      await this.#indexes.fresh(project),
      [type],
      inProject(query, project),
      page,
      owner,
    )
    return { revision, total: totals.get(type) ?? 0, resources: resources.map(({ resource }) => resource) }
  }

  /**
   * Gives how many resources of each type match, and a page of them: type by type in the given order, each in order of
   * creation, all at one revision. Without types, of every type that the project has, in ascending order.
   */
  async findAll(
    project: string,
    types: readonly ResourceType[] | undefined,
    query: TagQuery,
    page: Page,
  ): Promise<FoundPage> {
    const fresh = await this.#indexes.fresh(project)
    return findPage(fresh, types ?? fresh.types, inProject(query, project), page, project)
  }

  /** Answers several queries at one revision, see `searchCombined`. Without types, of every type, in ascending order. */
  async search(
    project: string,
    types: readonly ResourceType[] | undefined,
    request: CombinedRequest,
  ): Promise<CombinedResult> {
    const fresh = await this.#indexes.fresh(project)
    return searchCombined(fresh, project, types ?? fresh.types, request)
  }

  /** Gives the page of `find` as JSON: `before(total)`, the resources separated by commas, and `after`. See `PooledBuffer`. */
  async findJson(
    project: string,
    type: ResourceType,
    query: TagQuery,
    page: Page,
    { shape, before, after }: JsonPage,
  ): Promise<{ revision: number; json: Uint8Array; release: () => void }> {
    const fresh = await this.#indexes.fresh(project)
    const ready = query.filter === undefined ? query : await readyFilter(fresh, project, type, query)
    const request = { query: ready, ...page, shape }
    const read = ({ revision, total, json }: Answer) => {
      const { bytes, release } = this.#buffers.concat(before(total), json, after)
      return { revision, json: bytes, release }
    }
    return answerInSteps(fresh, type, request, project, read) ?? this.#batcher.run(fresh, type, request, read)
  }

  /** Visits all resources that match, see `scanResources`. Gives the revision that they reflect. */
  async scan(
    project: string,
    type: ResourceType,
    query: TagQuery,
    options: ScanOptions,
    visit: ScanVisitor,
  ): Promise<number> {
    return scanResources(project, await this.#indexes.fresh(project), type, query, options, visit)
  }

  /** Gives how many resources match. */
  async count(project: string, type: ResourceType, query: TagQuery): Promise<{ revision: number; total: number }> {
    const fresh = await this.#indexes.fresh(project)
    const ready = query.filter === undefined ? query : await readyFilter(fresh, project, type, query)
    const noPage = { query: ready, offset: 0, limit: 0 }
    const read = ({ revision, total }: Answer) => ({ revision, total })
    return answerInSteps(fresh, type, noPage, project, read) ?? this.#batcher.run(fresh, type, noPage, read)
  }

  /** Gives one resource. Throws `resource-not-found`. */
  async get(project: string, type: ResourceType, id: string): Promise<{ revision: number; resource: IndexedResource }> {
    const fresh = await this.#indexes.fresh(project)
    const { revision } = fresh
    const resource = fresh.of(type).get(id)
    if (resource === undefined) throw resourceNotFound(id, revision)
    return { revision, resource }
  }

  /** Gives one resource as JSON in a shape. Throws `resource-not-found`. */
  async getJson(
    project: string,
    type: ResourceType,
    id: string,
    shape: PageShape,
  ): Promise<{ revision: number; json: string }> {
    const fresh = await this.#indexes.fresh(project)
    const { revision } = fresh
    const json = fresh.of(type).getJson(id, shape)
    if (json === undefined) throw resourceNotFound(id, revision)
    return { revision, json: Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString() }
  }

  /**
   * Gives the tags that resources of a type carry, at one revision; the view stays as it is when tags change. `owner`: see
   * `TimeSlice`.
   */
  async tagsInUse(project: string, type: ResourceType, owner = project): Promise<{ revision: number; tags: TagsView }> {
    const fresh = await this.#indexes.fresh(project)
    const slice = new TimeSlice(owner)
    while (!fresh.of(type).tagsInUse.prepare()) if (slice.isOver) await slice.yield()
    return { revision: fresh.revision, tags: fresh.of(type).tagsInUse.view() }
  }

  /** Finds near-duplicates of keys, or of the values of a key, see `nearDuplicates`. */
  nearDuplicates(project: string, key: string | undefined, max: number): ReturnType<typeof nearDuplicates> {
    return nearDuplicates(this, project, key, max)
  }

  /** Gives a page of the keys in use, or of the values of a key, with numbers of resources; see `countTags`. */
  async countTags(
    project: string,
    types: readonly ResourceType[] | undefined,
    page: TagCountsPage,
  ): Promise<{ revision: number; counts: readonly TagCount[]; hasMore: boolean }> {
    return countTags(project, () => this.#indexes.fresh(project), types, page)
  }

  /**
   * Applies one change to one resource, and resolves when it is durable. Throws the refusals of `decide`, and the
   * refusals of `GroupCommit`: `overloaded` and `unavailable`.
   */
  async change(project: string, type: ResourceType, id: string, change: TagChange, author: Author): Promise<Changed> {
    const quota = await this.bulk.quota(project)
    const request = toRequest({ type, id, change }, author, this.#clock(), this.#rulesOf(type, quota))
    const verdict = await this.#commits.write(project, request)
    const changed = toChanged(verdict, id)
    if (changed instanceof DomainError) throw changed
    return changed
  }

  /**
   * Gives every resource of some types, or of all, at one revision, type by type in order of creation. If rows are
   * damaged, the batches
   * of all others end in an error that names the first, so that no export lacks resources in silence.
   */
  async export(
    project: string,
    types?: readonly ResourceType[],
  ): Promise<{ revision: number; batches: AsyncIterable<readonly Resource[]> }> {
    const { revision, batches, damaged } = await this.#store.scan(project, types)
    const whole = (async function* () {
      yield* batches
      if (damaged[0] !== undefined) throw damaged[0]
    })()
    return { revision, batches: whole }
  }

  /** How many writes wait for their commit or are being committed. */
  get queuedWrites(): number {
    return this.#commits.queued
  }

  async #applyCommitted(project: string, verdicts: readonly Verdict[]): Promise<void> {
    const changes = verdicts.flatMap((verdict) => (verdict.outcome === 'changed' ? [verdict.change] : []))
    try {
      await this.#indexes.applyCommitted(project, changes)
    } catch (error) {
      // The writes are durable; the next read loads the index again.
      this.#onError(error)
    }
  }
}
