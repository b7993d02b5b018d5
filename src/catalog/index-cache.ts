import type { Change, ReadOnlyTagStore } from '../store/store.ts'
import { IndexFollower } from './index-follower.ts'
import type { IndexLoader } from './index-loader.ts'
import type { ProjectIndex } from './project-index.ts'

/** What is known of the indexes in memory. */
export type IndexStats = {
  /** Projects whose index is held, or asked for just now. */
  readonly projects: number
  /** What the indexes take that are held. */
  readonly bytes: number
  /** What of that the one takes that is too large by itself; 0 when there is none. */
  readonly oversizedBytes: number
  /** Indexes that were dropped because others were asked for, since the start. */
  readonly evictions: number
  /** Indexes that were read from a snapshot or the store, since the start. */
  readonly loads: number
}

export type IndexCacheOptions = {
  readonly store: ReadOnlyTagStore
  readonly loader: IndexLoader
  /** What the indexes may take together. */
  readonly bytesMax: number
  /** Told of an index that is dropped for want of room, with what is dropped. Must not throw. */
  readonly onEvicted: (project: string, index: ProjectIndex) => void
}

/** One project: its follower, and what its index took when that was last looked at. */
class Held {
  readonly project: string
  readonly follower: IndexFollower
  bytes = 0
  /** When it was last asked about, as a number that grows with every answer. */
  askedAt = 0

  constructor(project: string, follower: IndexFollower) {
    this.project = project
    this.follower = follower
  }

  get index(): ProjectIndex | undefined {
    return this.follower.index
  }
}

/**
 * Holds the indexes of the projects that were lately asked about, as many as there is room for; when it gets short, the one
 * that was asked about the longest ago is dropped, and loaded again when it is next asked about. One project that is too
 * large by itself is held beside the others, or every look at a small one would cost a load of the large one. Nothing is
 * held for a project that was never written, so that ids which somebody made up take no room.
 *
 * An index can be dropped at any moment: whoever was given it may finish with it, and it lasts until they do.
 */
export class IndexCache {
  readonly #options: IndexCacheOptions
  /** Those that were asked about the longest ago come first. */
  readonly #held = new Map<string, Held>()
  #latest: Held | undefined
  /** The one that is larger than all may be together. */
  #oversized: Held | undefined
  #bytes = 0
  #answers = 0
  #evictions = 0

  constructor(options: IndexCacheOptions) {
    this.#options = options
  }

  get stats(): IndexStats {
    const { loads } = this.#options.loader
    const oversizedBytes = this.#oversized?.bytes ?? 0
    return { projects: this.#held.size, bytes: this.#bytes, oversizedBytes, evictions: this.#evictions, loads }
  }

  /** Each project with its index, which is undefined while there is none. */
  get all(): ReadonlyMap<string, { readonly index: ProjectIndex | undefined }> {
    return this.#held
  }

  /** See `IndexFollower.fresh`. */
  fresh(project: string): Promise<ProjectIndex> {
    return (this.#held.get(project) ?? this.#open(project)).follower.fresh()
  }

  /** See `IndexFollower.committed`. */
  async committed(project: string, changes: readonly Change[]): Promise<void> {
    await this.#held.get(project)?.follower.committed(changes)
  }

  /** Drops the index of a project, or of all. */
  drop(project?: string): void {
    for (const held of this.#held.values()) if (project === undefined || held.project === project) this.#drop(held)
  }

  #open(project: string): Held {
    const { store, loader } = this.#options
    const follower = new IndexFollower(store, loader, project, (wasAsked) => this.#settled(held, wasAsked))
    const held: Held = new Held(project, follower)
    this.#held.set(project, held)
    return held
  }

  /** Looks at a project whose index may have changed. */
  #settled(held: Held, wasAsked: boolean): void {
    if (wasAsked) this.#touch(held)
    const { index, isIdle } = held.follower
    if (isIdle && (index === undefined || index.revision === 0)) this.#drop(held)
    else this.#weigh(held)
    this.#makeRoom()
  }

  #touch(held: Held): void {
    held.askedAt = ++this.#answers
    if (this.#latest === held) return
    this.#latest = held
    this.#held.delete(held.project)
    this.#held.set(held.project, held)
  }

  #weigh(held: Held): void {
    const bytes = held.index?.bytes ?? 0
    this.#bytes += bytes - held.bytes
    held.bytes = bytes
    if (bytes > this.#options.bytesMax) this.#holdBeside(held)
    else if (this.#oversized === held) this.#oversized = undefined
  }

  /** Of those that are too large by themselves only the one that was asked about last is held. */
  #holdBeside(held: Held): void {
    const other = this.#oversized
    if (other === held) return
    const isLater = other === undefined || held.askedAt > other.askedAt
    if (isLater) this.#oversized = held
    const dropped = isLater ? other : held
    if (dropped !== undefined) this.#evict(dropped)
  }

  #makeRoom(): void {
    if (this.#bytes - (this.#oversized?.bytes ?? 0) <= this.#options.bytesMax) return
    for (const held of this.#held.values()) {
      this.#evict(held)
      if (this.#bytes - (this.#oversized?.bytes ?? 0) <= this.#options.bytesMax) return
    }
  }

  #evict(held: Held): void {
    const { index } = held
    if (index === undefined) return
    this.#evictions++
    this.#drop(held)
    this.#options.onEvicted(held.project, index)
  }

  /** Drops an index, and forgets its project unless somebody waits for an answer about it. */
  #drop(held: Held): void {
    held.follower.drop()
    this.#weigh(held)
    if (!held.follower.isIdle) return
    this.#held.delete(held.project)
    if (this.#latest === held) this.#latest = undefined
  }
}
