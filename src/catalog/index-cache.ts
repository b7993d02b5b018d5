import { Histogram, type HistogramCounts } from '../core/histogram.ts'
import type { Change, ReadOnlyTagStore } from '../store/store.ts'
import { IndexFollower } from './index-follower.ts'
import type { IndexLoader } from './index-loader.ts'
import type { ProjectIndex } from './project-index.ts'

/** Statistics of the index cache. Counters start with the process. */
export type IndexStats = {
  /** Projects that have an index in the cache, or a read in progress. */
  readonly projects: number
  /** Size of all cached indexes. */
  readonly bytes: number
  /** Size of the one cached index that exceeds the limit by itself; 0 when there is none. */
  readonly oversizedBytes: number
  /** Indexes that were evicted to make room. */
  readonly evictions: number
  /** Indexes that were loaded from a snapshot or the store. */
  readonly loads: number
}

export type IndexCacheOptions = {
  readonly store: ReadOnlyTagStore
  readonly loader: IndexLoader
  /** Limit on the size of all indexes together. */
  readonly bytesMax: number
  /** Called after an index was evicted. Must not throw. */
  readonly onEvicted: (project: string, index: ProjectIndex) => void
}

/** Upper bounds of the revisions that an index is behind. */
const LAG_BOUNDS: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000]

class Entry {
  readonly project: string
  readonly follower: IndexFollower
  /** Size of the index when it was last measured. */
  bytes = 0
  /** Value of the cache's read counter at the last read; 0 before the first. */
  lastReadAt = 0

  constructor(project: string, follower: IndexFollower) {
    this.project = project
    this.follower = follower
  }

  get index(): ProjectIndex | undefined {
    return this.follower.index
  }
}

/**
 * LRU cache of project indexes, limited in bytes. An evicted index is loaded again at its project's next read; callers
 * that hold a reference to it can finish their reads.
 *
 * One project larger than the limit may be kept in addition to it, because otherwise each read of a small project would
 * evict the large one. Projects without writes are never cached: requests with invented ids must not fill the cache.
 */
export class IndexCache {
  readonly #options: IndexCacheOptions
  /** Entries in order of their last read, the least recently used first. */
  readonly #entries = new Map<string, Entry>()
  #mostRecent: Entry | undefined
  /** The entry whose index exceeds `bytesMax` by itself. */
  #oversized: Entry | undefined
  #bytes = 0
  #reads = 0
  #evictions = 0
  readonly #lag = new Histogram(LAG_BOUNDS)

  constructor(options: IndexCacheOptions) {
    this.#options = options
  }

  get stats(): IndexStats {
    const { loads } = this.#options.loader
    const oversizedBytes = this.#oversized?.bytes ?? 0
    return { projects: this.#entries.size, bytes: this.#bytes, oversizedBytes, evictions: this.#evictions, loads }
  }

  /** How many revisions indexes were behind the store when a read found them behind. */
  get lag(): HistogramCounts {
    return this.#lag.read()
  }

  /** All entries by project; an entry whose index is still loading has none. */
  get entries(): ReadonlyMap<string, { readonly index: ProjectIndex | undefined }> {
    return this.#entries
  }

  /** See `IndexFollower.fresh`. */
  fresh(project: string): Promise<ProjectIndex> {
    return (this.#entries.get(project) ?? this.#create(project)).follower.fresh()
  }

  /** See `IndexFollower.applyCommitted`. */
  async applyCommitted(project: string, changes: readonly Change[]): Promise<void> {
    await this.#entries.get(project)?.follower.applyCommitted(changes)
  }

  /** Drops the index of a project, or of all projects. */
  drop(project?: string): void {
    for (const entry of this.#entries.values()) {
      if (project === undefined || entry.project === project) this.#drop(entry)
    }
  }

  #create(project: string): Entry {
    const { store, loader } = this.#options
    const follower = new IndexFollower(store, loader, project, {
      onUpdated: (wasRead) => this.#onUpdated(entry, wasRead),
      onBehind: (revisions) => this.#lag.add(revisions),
    })
    const entry: Entry = new Entry(project, follower)
    this.#entries.set(project, entry)
    return entry
  }

  #onUpdated(entry: Entry, wasRead: boolean): void {
    if (wasRead) this.#touch(entry)
    const { index, isIdle } = entry.follower
    if (isIdle && (index === undefined || index.revision === 0)) this.#drop(entry)
    else this.#measure(entry)
    this.#evictOverLimit()
  }

  /** Makes an entry the most recently used. */
  #touch(entry: Entry): void {
    entry.lastReadAt = ++this.#reads
    if (this.#mostRecent === entry) return
    this.#mostRecent = entry
    this.#entries.delete(entry.project)
    this.#entries.set(entry.project, entry)
  }

  #measure(entry: Entry): void {
    const bytes = entry.index?.bytes ?? 0
    this.#bytes += bytes - entry.bytes
    entry.bytes = bytes
    if (bytes > this.#options.bytesMax) this.#keepOversized(entry)
    else if (this.#oversized === entry) this.#oversized = undefined
  }

  /** Keeps the more recently used of two oversized entries and evicts the other. */
  #keepOversized(entry: Entry): void {
    const other = this.#oversized
    if (other === entry) return
    const isMoreRecent = other === undefined || entry.lastReadAt > other.lastReadAt
    if (isMoreRecent) this.#oversized = entry
    const evicted = isMoreRecent ? other : entry
    if (evicted !== undefined) this.#evict(evicted)
  }

  #evictOverLimit(): void {
    if (!this.#isOverLimit) return
    for (const entry of this.#entries.values()) {
      this.#evict(entry)
      if (!this.#isOverLimit) return
    }
  }

  get #isOverLimit(): boolean {
    return this.#bytes - (this.#oversized?.bytes ?? 0) > this.#options.bytesMax
  }

  #evict(entry: Entry): void {
    const { index } = entry
    if (index === undefined) return
    this.#evictions++
    this.#drop(entry)
    this.#options.onEvicted(entry.project, index)
  }

  /** Drops an index, and removes its entry unless a read is in progress. */
  #drop(entry: Entry): void {
    entry.follower.drop()
    this.#measure(entry)
    if (!entry.follower.isIdle) return
    this.#entries.delete(entry.project)
    if (this.#mostRecent === entry) this.#mostRecent = undefined
  }
}
