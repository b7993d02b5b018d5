import type { Clock } from '../core/clock.ts'
import { DomainError, resourceNotFound } from '../core/errors.ts'
import { inProject } from '../core/expression/decided-query.ts'
import type { IndexedResource, Resource } from '../core/resource.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { TagChange } from '../core/tag-change.ts'
import type { TagQuery } from '../core/tag-query.ts'
import type { PageShape } from '../search-index/json-page.ts'
import type { QueryRequest } from '../search-index/query-request.ts'
import type { TagsView } from '../search-index/tags-view.ts'
import type { TagStore, Verdict } from '../store/store.ts'
import { Activity } from './activity.ts'
import { BufferPool } from './buffer-pool.ts'
import { BulkChanges } from './bulk-changes.ts'
import type { CatalogOptions, JsonPage, Page } from './catalog-options.ts'
import { type Author, type Changed, type RulesReader, rulesReader, toChanged, toRequest } from './changes.ts'
import type { CombinedRequest, CombinedResult } from './combined-request.ts'
import { searchCombined } from './combined-search.ts'
import { readyFilter } from './filters.ts'
import { GroupCommit } from './group-commit.ts'
import { History } from './history.ts'
import { IndexCache } from './index-cache.ts'
import { IndexLoader } from './index-loader.ts'
import { IndexMaintenance } from './index-maintenance.ts'
import { type NearOptions, nearDuplicates } from './near-duplicates.ts'
import { answerInSteps, type FoundPage, findPage } from './page-search.ts'
import { PastLoader } from './past-loader.ts'
import { type AskedMoment, asOf, PastReads } from './past-reads.ts'
import type { ProjectIndex } from './project-index.ts'
import { type ProjectsRequest, type ProjectsResult, searchProjects } from './projects-search.ts'
import { type Answer, QueryBatcher } from './query-batcher.ts'
import { exportResources } from './resource-export.ts'
import { type ScanOptions, type ScanVisitor, scanResources } from './resource-scan.ts'
import { coalesceSnapshots, Snapshotter } from './snapshotter.ts'
import { countTags, type TagCount, type TagCountsPage } from './tag-counts.ts'
import { TimeSlice } from './time-slice.ts'
import { SMALL_INDEXES_BYTES, SmallIndexes } from './type-index.ts'

// API families import the catalog's types, and the page shapes of the search index, from this file only.
export type { PageShape } from '../search-index/json-page.ts'
export type { TagsView } from '../search-index/tags-view.ts'
export type { ActivityGroup } from './activity.ts'
export type { CatalogOptions, JsonPage, Page } from './catalog-options.ts'
export type { Author, Changed, Preview, Previewed, ResourceChange } from './changes.ts'
export type { CombinedResult, Cursor, Facet } from './combined-request.ts'
export type { Compliance } from './compliance.ts'
export type { TypeCompliance } from './compliance-counts.ts'
export type { Coverage, RecordedDay } from './coverage.ts'
export type { Counted } from './coverage-counts.ts'
export type { ActivityFilter, HistoricalChange, HistoryPage, Moment } from './history.ts'
export type { DifferenceFilter, DifferentResource, HistoryDifference } from './history-difference.ts'
export type { FoundGroup } from './near-duplicates.ts'
export type { FoundResource } from './page-search.ts'
export type { AskedMoment } from './past-reads.ts'
export type { PlanLine, PlanSource } from './plan-sources.ts'
export type { PlanApplied, PlanRequest, Plans } from './plans.ts'
export type { ProjectsCursor, ProjectsResult } from './projects-search.ts'
export type { SelectedResource, Selection } from './selection.ts'
export type { TagCount } from './tag-counts.ts'

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
  readonly activity: Activity
  /** At which moment the work in progress reads. */
  readonly moments: PastReads
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
    this.activity = new Activity(store, this.history)
    this.#clock = clock
    this.#rulesOf = rulesReader(options.changeRulesOf)
    this.#onError = onError
    const small = new SmallIndexes(options.smallIndexBytesMax ?? SMALL_INDEXES_BYTES)
    const loaderOptions = { ...indexes, store, small, makeSnapshot: coalesceSnapshots(indexes.makeSnapshot) }
    this.#indexes = new IndexCache({
      store,
      loader: new IndexLoader(loaderOptions),
      pastLoader: new PastLoader(loaderOptions),
      bytesMax: indexBytesMax,
      onEvicted: (project, index) => snapshotter.evicted(project, index),
    })
    this.moments = new PastReads(this.#indexes, this.history, (project) => store.getRevision(project))
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
      fresh: (project) => this.freshIndex(project),
      seed: indexes.seed,
    })
  }

  /** Gives the index of a project as fresh as a read needs it, for other parts of the catalog. */
  async freshIndex(project: string): Promise<ProjectIndex> {
    const index = await this.#indexes.fresh(project)
    await index.boundary.reached()
    return index
  }

  /** Gives a project's last committed revision, or the one that the read in progress is as of. */
  revision(project: string): Promise<number> {
    return this.moments.revision(project)
  }

  /** Gives the types that a project has resources of, ascending. */
  async types(project: string): Promise<readonly ResourceType[]> {
    const { types } = await this.moments.read(project, ({ revision, types }) => ({ revision, types }))
    return types
  }

  /** Gives how many resources match, and a page of them in order of creation. `owner`: see `TimeSlice`. */
  async find(
    project: string,
    type: ResourceType,
    query: TagQuery,
    page: Page,
    owner = project,
  ): Promise<{ revision: number; total: number; resources: readonly IndexedResource[] }> {
    const read = (index: ProjectIndex) => findPage(index, [type], inProject(query, project), page, owner)
    const { revision, totals, resources } = await this.moments.read(project, read)
    return { revision, total: totals.get(type) ?? 0, resources: resources.map(({ resource }) => resource) }
  }

  /**
   * Gives how many resources of each type match, and a page of them: type by type in the given order, each in order of
   * creation, all at one revision. Without types, of every type that the project has, in ascending order.
   */
  findAll(
    project: string,
    types: readonly ResourceType[] | undefined,
    query: TagQuery,
    page: Page,
  ): Promise<FoundPage> {
    const here = inProject(query, project)
    return this.moments.read(project, (index) => findPage(index, types ?? index.types, here, page, project))
  }

  /** Answers several queries at one revision, see `searchCombined`. Without types, of every type, in ascending order. */
  search(
    project: string,
    types: readonly ResourceType[] | undefined,
    request: CombinedRequest,
  ): Promise<CombinedResult> {
    return this.moments.read(project, (index) => searchCombined(index, project, types ?? index.types, request))
  }

  /** Searches several projects, each at a revision of its own, see `searchProjects`. */
  searchAll(types: readonly ResourceType[] | undefined, request: ProjectsRequest): Promise<ProjectsResult> {
    return searchProjects((project, one) => this.search(project, types, one), request)
  }

  /** Gives the page of `find` as JSON: `before(total)`, the resources separated by commas, and `after`. See `PooledBuffer`. */
  findJson(
    project: string,
    type: ResourceType,
    query: TagQuery,
    page: Page,
    { shape, before, after }: JsonPage,
  ): Promise<{ revision: number; json: Uint8Array; release: () => void }> {
    const request = { query, ...page, shape }
    const read = ({ revision, total, json }: Answer) => {
      const { bytes, release } = this.#buffers.concat(before(total), json, after)
      return { revision, json: bytes, release }
    }
    return this.moments.read(project, (index) => this.#answer(index, project, type, request, read))
  }

  /** Visits all resources that match, see `scanResources`. Gives the revision that they reflect. */
  async scan(
    project: string,
    type: ResourceType,
    query: TagQuery,
    options: ScanOptions,
    visit: ScanVisitor,
  ): Promise<number> {
    const { revision } = await this.moments.read(project, async (index) => ({
      revision: await scanResources(project, index, type, query, options, visit),
    }))
    return revision
  }

  /** Gives how many resources match. */
  count(project: string, type: ResourceType, query: TagQuery): Promise<{ revision: number; total: number }> {
    const noPage = { query, offset: 0, limit: 0 }
    const read = ({ revision, total }: Answer) => ({ revision, total })
    return this.moments.read(project, (index) => this.#answer(index, project, type, noPage, read))
  }

  #answer<T>(
    index: ProjectIndex,
    project: string,
    type: ResourceType,
    request: QueryRequest,
    read: (answer: Answer) => T,
  ): Promise<T> {
    const answer = (ready: QueryRequest) =>
      answerInSteps(index, type, ready, project, read) ?? this.#batcher.run(index, type, ready, read)
    // Most calls have no filter, and go on without a delay.
    if (request.query.filter === undefined) return answer(request)
    return readyFilter(index, project, type, request.query).then((query) => answer({ ...request, query }))
  }

  /** Gives one resource. Throws `resource-not-found`. */
  get(project: string, type: ResourceType, id: string): Promise<{ revision: number; resource: IndexedResource }> {
    return this.moments.read(project, (index) => {
      const { revision } = index
      const resource = index.of(type).get(id)
      if (resource === undefined) throw resourceNotFound(id, revision)
      return { revision, resource }
    })
  }

  /** Gives one resource as JSON in a shape. Throws `resource-not-found`. */
  getJson(
    project: string,
    type: ResourceType,
    id: string,
    shape: PageShape,
  ): Promise<{ revision: number; json: string }> {
    return this.moments.read(project, (index) => {
      const { revision } = index
      const json = index.of(type).getJson(id, shape)
      if (json === undefined) throw resourceNotFound(id, revision)
      return { revision, json: Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString() }
    })
  }

  /**
   * Gives the tags that resources of a type carry, at one revision; the view stays as it is when tags change. `owner`: see
   * `TimeSlice`.
   */
  tagsInUse(project: string, type: ResourceType, owner = project): Promise<{ revision: number; tags: TagsView }> {
    return this.moments.read(project, async (index) => {
      const slice = new TimeSlice(owner)
      while (!index.of(type).tagsInUse.prepare()) if (slice.isOver) await slice.yield()
      await index.boundary.reached()
      return { revision: index.revision, tags: index.of(type).tagsInUse.view() }
    })
  }

  /** Finds near-duplicates of keys, or of the values of a key, see `nearDuplicates`. */
  nearDuplicates(project: string, key: string | undefined, options: NearOptions): ReturnType<typeof nearDuplicates> {
    return nearDuplicates(this, project, key, options)
  }

  /** Gives a page of the keys in use, or of the values of a key, with numbers of resources; see `countTags`. */
  countTags(
    project: string,
    types: readonly ResourceType[] | undefined,
    page: TagCountsPage,
  ): Promise<{ revision: number; counts: readonly TagCount[]; hasMore: boolean }> {
    return this.moments.read(project, (index) => countTags(project, index, types, page))
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

  /** Gives every resource of some types, or of all, at one revision, see `exportResources`. */
  export(
    project: string,
    types?: readonly ResourceType[],
  ): Promise<{ revision: number; batches: AsyncIterable<readonly Resource[]> }> {
    return exportResources(this.#store, this.moments, project, types)
  }

  /** Executes work such that all that it reads here is as of a moment, see `asOf`. */
  asOf<T>(asked: AskedMoment, work: () => T): T {
    return asOf(asked, work)
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
