import type { Clock } from '../core/clock.ts'
import { DomainError } from '../core/errors.ts'
import type { IndexedResource, Resource, ResourceState } from '../core/resource.ts'
import { changeRulesOf, type ResourceType } from '../core/resource-type.ts'
import { type Decision, decide, type TagChange } from '../core/tag-change.ts'
import type { TagQuery } from '../core/tag-query.ts'
import type { PageShape } from '../search-index/json-page.ts'
import type { TagIndex } from '../search-index/tag-index.ts'
import type { KeyWithValues } from '../search-index/tags-in-use.ts'
import type { TagStore, Verdict, WriteRequest } from '../store/store.ts'
import { BufferPool, type PooledBuffer } from './buffer-pool.ts'
import { GroupCommit } from './group-commit.ts'
import { IndexCache, type IndexStats } from './index-cache.ts'
import { IndexLoader, type LoaderOptions } from './index-loader.ts'
import { ProjectIndex } from './project-index.ts'
import { QueryBatcher } from './query-batcher.ts'
import { coalesceSnapshots, Snapshotter } from './snapshotter.ts'

// Families import no file of the search index.
export type { PageShape } from '../search-index/json-page.ts'

/** Who changes something, for the change log. */
export type Author = { readonly userId: string; readonly requestId: string }

/** Places in a list of answers; both are whole numbers that are not negative. */
export type Page = { readonly offset: number; readonly limit: number }

/** A page as JSON: what stands before the resources, in what shape they are, and what stands after them. */
export type JsonPage = {
  readonly shape: PageShape
  readonly before: (total: number) => string
  readonly after: string
}

/**
 * Resources of one moment; a list is made as far as it is read, and one is the reverse of the other. What is in it is to be
 * looked at, and copied with `copyOf` to be kept, before the next `await`.
 */
export type Selection = {
  readonly revision: number
  readonly total: number
  oldestFirst(): Iterable<IndexedResource>
  newestFirst(): Iterable<IndexedResource>
}

/** A change of one resource. */
export type ResourceChange = { readonly type: ResourceType; readonly id: string; readonly change: TagChange }

/** What a change did. `revision` is the project's after it. */
export type Changed = { readonly revision: number; readonly effect: 'created' | 'updated' | 'unchanged' }

const CHANGES_PER_COMMIT_MAX = 1000

const encoder = new TextEncoder()

/**
 * The resources of all projects with their tags: the only place that knows store and index. Every read reflects all
 * writes that were acknowledged before it began, and says at which revision of the project it stands.
 */
export class Catalog {
  readonly #store: TagStore
  readonly #clock: Clock
  readonly #writer: GroupCommit
  readonly #onError: (error: unknown) => void
  readonly #seed: number
  readonly #snapshotter: Snapshotter
  readonly #indexes: IndexCache
  readonly #batcher = new QueryBatcher()
  readonly #buffers = new BufferPool()

  constructor(options: {
    readonly store: TagStore
    readonly clock: Clock
    /** Writes that may wait for their commit before more are refused. */
    readonly writeQueueMax: number
    /** Told of what went wrong behind a caller's back, for the log. */
    readonly onError: (error: unknown) => void
    /** How indexes are loaded, and where their snapshots are kept. */
    readonly indexes: Omit<LoaderOptions, 'store'>
    /** What the indexes may take together, see `IndexCache`; without it they may take anything. */
    readonly indexBytesMax?: number
  }) {
    this.#store = options.store
    this.#seed = options.indexes.seed
    const { store, indexes } = options
    const loading = { ...indexes, store, makeSnapshot: coalesceSnapshots(indexes.makeSnapshot) }
    this.#indexes = new IndexCache({
      ...{ store, loader: new IndexLoader(loading), bytesMax: options.indexBytesMax ?? Number.POSITIVE_INFINITY },
      onEvicted: (project, index) => this.#snapshotter.dropped(project, index),
    })
    this.#snapshotter = new Snapshotter(this.#indexes.all, loading)
    this.#clock = options.clock
    this.#onError = options.onError
    this.#writer = new GroupCommit({
      store: options.store,
      queueMax: options.writeQueueMax,
      batchMax: CHANGES_PER_COMMIT_MAX,
      onCommitted: (project, verdicts) => this.#committed(project, verdicts),
      onStoreError: options.onError,
    })
  }

  /** Gives a project's last revision. */
  revision(project: string): Promise<number> {
    return this.#store.getRevision(project)
  }

  /** Gives how many resources match, and a page of them in order of creation. */
  async find(
    project: string,
    type: ResourceType,
    query: TagQuery,
    page: Page,
  ): Promise<{ revision: number; total: number; resources: readonly IndexedResource[] }> {
    const fresh = await this.#fresh(project)
    const index = fresh.of(type)
    const { total, slots } = index.find(query, page.offset, page.limit)
    return { revision: fresh.revision, total, resources: Array.from(slots, (slot) => index.at(slot)) }
  }

  /**
   * Gives the same as JSON in a shape: `before(total)`, the resources with commas between, and `after`. `release` may be
   * called when nobody reads the bytes any more, see `PooledBuffer`.
   */
  async findJson(
    project: string,
    type: ResourceType,
    query: TagQuery,
    page: Page,
    { shape, before, after }: JsonPage,
  ): Promise<{ revision: number; json: Uint8Array; release: () => void }> {
    const fresh = await this.#fresh(project)
    return this.#batcher.run(fresh, type, { query, ...page, shape }, ({ revision, total, json }) => {
      // The page lies in the index, where it lasts until the next question: it is taken out before anything else happens.
      const { bytes, release } = this.#joined(before(total), json, after)
      return { revision, json: bytes, release }
    })
  }

  /**
   * Gives every resource that matches, to be looked through in one go: what is taken after a later `await` may be of
   * another moment.
   */
  async select(project: string, type: ResourceType, query: TagQuery): Promise<Selection> {
    const fresh = await this.#fresh(project)
    const index = fresh.of(type)
    const { total, slots } = index.find(query, 0, index.size)
    return {
      revision: fresh.revision,
      total,
      oldestFirst: () => resourcesAt(index, slotsByCreation(index, slots)),
      newestFirst: () => resourcesAt(index, slotsByCreation(index, slots).toReversed()),
    }
  }

  /** Gives how many resources match. */
  async count(project: string, type: ResourceType, query: TagQuery): Promise<{ revision: number; total: number }> {
    const fresh = await this.#fresh(project)
    const question = { query, offset: 0, limit: 0 }
    return this.#batcher.run(fresh, type, question, ({ revision, total }) => ({ revision, total }))
  }

  /** Gives one resource. Throws `resource-not-found`. */
  async get(project: string, type: ResourceType, id: string): Promise<{ revision: number; resource: IndexedResource }> {
    const fresh = await this.#fresh(project)
    const { revision } = fresh
    const resource = fresh.of(type).get(id)
    if (resource === undefined) throw new DomainError('resource-not-found', { revision })
    return { revision, resource }
  }

  /** Gives one resource as JSON in a shape. Throws `resource-not-found`. */
  async getJson(
    project: string,
    type: ResourceType,
    id: string,
    shape: PageShape,
  ): Promise<{ revision: number; json: string }> {
    const fresh = await this.#fresh(project)
    const { revision } = fresh
    const json = fresh.of(type).getJson(id, shape)
    if (json === undefined) throw new DomainError('resource-not-found', { revision })
    return { revision, json: Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString() }
  }

  /** Gives how many keys the resources of a type carry, and a page of the keys with all their values, ascending. */
  async projectTags(
    project: string,
    type: ResourceType,
    page: Page,
  ): Promise<{ revision: number; total: number; tags: readonly KeyWithValues[] }> {
    const fresh = await this.#fresh(project)
    const { keyCount, tagsInUse } = fresh.of(type)
    return { revision: fresh.revision, total: keyCount, tags: tagsInUse.page(page.offset, page.limit) }
  }

  /** Gives the same with the keys as JSON: `{"key":...,"values":[...]}` with commas between. */
  async projectTagsJson(
    project: string,
    type: ResourceType,
    page: Page,
  ): Promise<{ revision: number; total: number; json: string }> {
    const fresh = await this.#fresh(project)
    const { keyCount, tagsInUse } = fresh.of(type)
    return { revision: fresh.revision, total: keyCount, json: tagsInUse.pageJson(page.offset, page.limit) }
  }

  /**
   * Applies one change to one resource, and returns when it is durable. Throws what `decide` refuses, `overloaded` when
   * too many writes wait and `unavailable` when the store fails; then nothing has changed.
   */
  async change(project: string, type: ResourceType, id: string, change: TagChange, author: Author): Promise<Changed> {
    const verdict = await this.#writer.write(project, this.#toRequest({ type, id, change }, author, this.#clock()))
    const changed = toChanged(verdict)
    if (changed instanceof DomainError) throw changed
    return changed
  }

  /**
   * Applies the first of some changes, as many as there is room for, one after the other and each by itself, and returns
   * when they are durable. Gives for each what it did, or what it was refused with. Throws `overloaded` when there is room
   * for none and `unavailable` when the store fails; then nothing has changed. `onAccepted` is told at once how many it took:
   * changes that are asked for from then on come after them.
   */
  async changeFirst(
    project: string,
    changes: readonly ResourceChange[],
    author: Author,
    onAccepted?: (count: number) => void,
  ): Promise<readonly (Changed | DomainError<string>)[]> {
    const atMs = this.#clock()
    const requests = changes.map((change) => this.#toRequest(change, author, atMs))
    return (await this.#writer.writeFirst(project, requests, onAccepted)).map(toChanged)
  }

  /**
   * Gives a function that says what changes, made one after the other, would do to the project, or to one that does not
   * exist yet. Each resource is taken as it is when it is first asked for.
   */
  async preview(project: string | undefined): Promise<(type: ResourceType, id: string, change: TagChange) => Changed> {
    const index = project === undefined ? new ProjectIndex(this.#seed) : await this.#fresh(project)
    const drafts = new Map<string, ResourceState | undefined>()
    return (type, id, change) => {
      const key = `${type}/${id}`
      const current = drafts.has(key) ? drafts.get(key) : index.of(type).get(id)
      const decision: Decision = decide(current, change, changeRulesOf(type))
      const { revision } = index
      if (decision.outcome === 'refused') throw new DomainError<string>(decision.code, { ...decision.facts, revision })
      if (decision.outcome === 'unchanged') return { revision, effect: 'unchanged' }
      drafts.set(key, decision.next)
      return { revision, effect: current === undefined ? 'created' : 'updated' }
    }
  }

  /** Gives every resource of some types as of one revision, type by type in order of creation. */
  async export(
    project: string,
    types: readonly ResourceType[],
  ): Promise<{ revision: number; batches: AsyncIterable<readonly Resource[]> }> {
    return this.#store.scan(project, types)
  }

  /** Drops the index of a project, or of all; it is built again when it is next asked for. */
  dropIndex(project?: string): void {
    this.#indexes.drop(project)
  }

  /** What is held in memory now, and what was done for it. */
  get indexStats(): IndexStats {
    return this.#indexes.stats
  }

  /**
   * Loads the indexes that have snapshots, the one saved last first, up to so many bytes: what was in use before a start is
   * likely to be asked for after it.
   */
  async warmUp(bytesMax: number): Promise<void> {
    let bytes = 0
    try {
      for (const project of await this.#snapshotter.projects()) {
        if (bytes >= bytesMax) return
        bytes += (await this.#fresh(project)).bytes
      }
    } catch (error) {
      this.#onError(error)
    }
  }

  /** Lets a fresh snapshot be made of each index that has changed enough since its last one. */
  makeDueSnapshots(): Promise<void> {
    return this.#snapshotter.makeDue()
  }

  /** Saves a snapshot of each index that has changed; nothing may be read or written any more. */
  saveSnapshots(): Promise<void> {
    return this.#snapshotter.saveAll()
  }

  #joined(before: string, json: Uint8Array, after: string): PooledBuffer {
    const [head, tail] = [encoder.encode(before), encoder.encode(after)]
    const buffer = this.#buffers.acquire(head.length + json.length + tail.length)
    buffer.bytes.set(head)
    buffer.bytes.set(json, head.length)
    buffer.bytes.set(tail, head.length + json.length)
    return buffer
  }

  /** What an answer says and the revision it says it at have to be read in one step, between two changes. */
  #fresh(project: string): Promise<ProjectIndex> {
    return this.#indexes.fresh(project)
  }

  #toRequest({ type, id, change }: ResourceChange, { userId, requestId }: Author, atMs: number): WriteRequest {
    return { type, id, change, rules: changeRulesOf(type), actor: userId, requestId, atMs }
  }

  async #committed(project: string, verdicts: readonly Verdict[]): Promise<void> {
    const changes = verdicts.flatMap((verdict) => (verdict.outcome === 'changed' ? [verdict.change] : []))
    try {
      await this.#indexes.committed(project, changes)
    } catch (error) {
      // The writes are durable, and an index that could not take them in is built again.
      this.#onError(error)
    }
  }
}

function toChanged(verdict: Verdict): Changed | DomainError<string> {
  const { revision } = verdict
  if (verdict.outcome === 'refused') return new DomainError<string>(verdict.code, { ...verdict.facts, revision })
  if (verdict.outcome === 'unchanged') return { revision, effect: 'unchanged' }
  return { revision, effect: verdict.created ? 'created' : 'updated' }
}

/** Puts slots in order of creation, in place. */
function slotsByCreation(index: TagIndex, slots: Uint32Array): Uint32Array {
  return index.isChronological ? slots : slots.sort((a, b) => index.createdAtMs(a) - index.createdAtMs(b) || a - b)
}

function* resourcesAt(index: TagIndex, slots: Uint32Array): Generator<IndexedResource> {
  for (const slot of slots) yield index.view(slot)
}
