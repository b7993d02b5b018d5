import { Histogram, type HistogramCounts } from '../core/histogram.ts'
import type { Change, ReadOnlyTagStore } from '../store/store.ts'
import { IndexFollower } from './index-follower.ts'
import type { IndexLoader } from './index-loader.ts'
import { PastIndex } from './past-index.ts'
import type { PastLoader } from './past-loader.ts'
import { PastWalk } from './past-walk.ts'
import type { ProjectIndex } from './project-index.ts'

/** Statistics of the index cache. Counters start with the process. */
export type IndexStats = {
  /** Projects that have an index in the cache, or a read in progress. */
  readonly projects: number
  /** Size of all cached indexes. */
  readonly bytes: number
  /** Size of the one cached index that exceeds the limit by itself; 0 when there is none. */
  readonly oversizedBytes: number
  /** Indexes among them that stand at an earlier revision. */
  readonly past: number
  /** Indexes that were evicted to make room. */
  readonly evictions: number
  /** Indexes that were loaded from a snapshot, a checkpoint or the store. */
  readonly loads: number
}

export type IndexCacheOptions = {
  readonly store: ReadOnlyTagStore
  readonly loader: IndexLoader
  readonly pastLoader: PastLoader
  /** Limit on the size of all indexes together. */
  readonly bytesMax: number
  /** Called after an index was evicted. Must not throw. */
  readonly onEvicted: (project: string, index: ProjectIndex) => void
}

/** Upper bounds of the revisions that an index is behind. */
const LAG_BOUNDS: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000]

/** What an entry holds: the index that follows the store, or one that stands at an earlier revision. */
type Holder = Pick<IndexFollower, 'index' | 'isIdle' | 'drop'>

class Entry<H extends Holder = Holder> {
  readonly project: string
  readonly holder: H
  /** Size of the index when it was last measured. */
  bytes = 0
  /** Value of the cache's read counter at the last read; 0 before the first. */
  lastReadAt = 0

  constructor(project: string, holder: H) {
    this.project = project
    this.holder = holder
  }

  get index(): ProjectIndex | undefined {
    return this.holder.index
  }

  /** Whether the index stands at an earlier revision. */
  get isPast(): boolean {
    return this.holder instanceof PastIndex
  }
}

/** Limit on the indexes of one project that stand at earlier revisions. */
const PAST_PER_PROJECT_MAX = 2

/**
 * LRU cache of project indexes, limited in bytes. An evicted index is loaded again at its project's next read; callers
 * that hold a reference to it can finish their reads.
 *
 * One project larger than the limit may be kept in addition to it, because otherwise each read of a small project would
 * evict the large one. Projects without writes are never cached: requests with invented ids must not fill the cache.
 *
 * A project has at most two indexes that stand at earlier revisions. They count as any other, except that one larger than
 * the limit gives way to the present index of such a project.
 */
export class IndexCache {
  readonly #options: IndexCacheOptions
  /** The entries of present indexes. */
  readonly #entries = new Map<string, Entry<IndexFollower>>()
  /** The entries of indexes at earlier revisions, by project and revision. */
  readonly #past = new Map<string, ReadonlyMap<number, Entry<PastIndex>>>()
  /** All entries in order of their last read, the least recently used first. */
  readonly #order = new Set<Entry>()
  #mostRecent: Entry | undefined
  /** The entry whose index exceeds `bytesMax` by itself. */
  #oversized: Entry | undefined
  #bytes = 0
  #reads = 0
  #evictions = 0
  /** Counts calls of `drop`, so that an index whose load was in progress is not kept. */
  #drops = 0
  readonly #lag = new Histogram(LAG_BOUNDS)

  constructor(options: IndexCacheOptions) {
    this.#options = options
  }

  get stats(): IndexStats {
    const { loader, pastLoader } = this.#options
    return {
      projects: this.#entries.size,
      past: this.#order.size - this.#entries.size,
      bytes: this.#bytes,
      oversizedBytes: this.#oversized?.bytes ?? 0,
      evictions: this.#evictions,
      loads: loader.loads + pastLoader.loads,
    }
  }

  /** How many revisions indexes were behind the store when a read found them behind. */
  get lag(): HistogramCounts {
    return this.#lag.read()
  }

  /** The entries of present indexes by project; an entry whose index is still loading has none. */
  get entries(): ReadonlyMap<string, { readonly index: ProjectIndex | undefined }> {
    return this.#entries
  }

  /** See `IndexFollower.fresh`. */
  fresh(project: string): Promise<ProjectIndex> {
    return (this.#entries.get(project) ?? this.#create(project)).holder.fresh()
  }

  /** Gives the index of a project at an earlier revision. It is not changed any more. Rejects as `PastLoader.load`. */
  async at(project: string, revision: number): Promise<ProjectIndex> {
    const drops = this.#drops
    const held = this.#past.get(project)?.get(revision)
    const index = held?.index ?? (await this.#options.pastLoader.load(project, revision))
    if (drops === this.#drops) this.#keepPast(project, revision, index)
    return index
  }

  /** Begins a walk through earlier states of a project, whose index is not kept here. */
  walk(project: string): PastWalk {
    return new PastWalk(this.#options.pastLoader, project)
  }

  /** See `IndexFollower.applyCommitted`. */
  async applyCommitted(project: string, changes: readonly Change[]): Promise<void> {
    await this.#entries.get(project)?.holder.applyCommitted(changes)
  }

  /** Drops all indexes of a project, or of all projects. */
  drop(project?: string): void {
    this.#drops++
    for (const entry of this.#order) {
      if (project === undefined || entry.project === project) this.#drop(entry)
    }
  }

  #create(project: string): Entry<IndexFollower> {
    const { store, loader } = this.#options
    const follower = new IndexFollower(store, loader, project, {
      onUpdated: (wasRead) => this.#onUpdated(entry, wasRead),
      onBehind: (revisions) => this.#lag.add(revisions),
    })
    const entry: Entry<IndexFollower> = new Entry(project, follower)
    this.#entries.set(project, entry)
    this.#order.add(entry)
    return entry
  }

  /** Keeps an index at an earlier revision, or records that it was used. */
  #keepPast(project: string, revision: number, index: ProjectIndex): void {
    const ofProject = new Map(this.#past.get(project))
    const entry = ofProject.get(revision) ?? new Entry(project, new PastIndex(revision, index))
    // The map is in order of use, too.
    ofProject.delete(revision)
    ofProject.set(revision, entry)
    this.#past.set(project, ofProject)
    this.#order.add(entry)
    this.#touch(entry)
    const [leastRecent] = ofProject.values()
    if (ofProject.size > PAST_PER_PROJECT_MAX && leastRecent !== undefined) this.#drop(leastRecent)
    this.#measure(entry)
    this.#evictOverLimit()
  }

  #onUpdated(entry: Entry, wasRead: boolean): void {
    if (wasRead) this.#touch(entry)
    const { index, isIdle } = entry.holder
    if (isIdle && (index === undefined || index.revision === 0)) this.#drop(entry)
    else this.#measure(entry)
    this.#evictOverLimit()
  }

  /** Makes an entry the most recently used. */
  #touch(entry: Entry): void {
    entry.lastReadAt = ++this.#reads
    if (this.#mostRecent === entry) return
    this.#mostRecent = entry
    this.#order.delete(entry)
    this.#order.add(entry)
  }

  #measure(entry: Entry): void {
    const bytes = entry.index?.bytes ?? 0
    this.#bytes += bytes - entry.bytes
    entry.bytes = bytes
    if (bytes > this.#options.bytesMax) this.#keepOversized(entry)
    else if (this.#oversized === entry) this.#oversized = undefined
  }

  /** Keeps the more recently used of two oversized entries, but a present one rather than a past one, and evicts the other. */
  #keepOversized(entry: Entry): void {
    const other = this.#oversized
    if (other === entry) return
    const isMoreRecent =
      other === undefined || (entry.isPast === other.isPast ? entry.lastReadAt > other.lastReadAt : other.isPast)
    if (isMoreRecent) this.#oversized = entry
    const evicted = isMoreRecent ? other : entry
    if (evicted !== undefined) this.#evict(evicted)
  }

  #evictOverLimit(): void {
    if (!this.#isOverLimit) return
    for (const entry of this.#order) {
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
    if (!entry.isPast) this.#options.onEvicted(entry.project, index)
  }

  /** Drops an index, and removes its entry unless a read is in progress. */
  #drop(entry: Entry): void {
    const { holder, project } = entry
    holder.drop()
    this.#measure(entry)
    if (!holder.isIdle) return
    this.#order.delete(entry)
    if (holder instanceof PastIndex) this.#forgetPast(project, holder.revision)
    else this.#entries.delete(project)
    if (this.#mostRecent === entry) this.#mostRecent = undefined
  }

  #forgetPast(project: string, revision: number): void {
    const rest = new Map(this.#past.get(project))
    rest.delete(revision)
    if (rest.size > 0) this.#past.set(project, rest)
    else this.#past.delete(project)
  }
}
