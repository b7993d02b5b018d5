import { type LoaderOptions, SNAPSHOT_SIZE_MIN } from './index-loader.ts'
import type { ProjectIndex } from './project-index.ts'

/** A snapshot is due after so many changes, or a part of the index. */
const CHANGES_MIN = 20_000
const PART_OF_INDEX = 4

/** The projects that are followed, each with its index, which is undefined while there is none. */
type Followed = ReadonlyMap<string, { readonly index: ProjectIndex | undefined }>

/** Gives the same, but a call for a project whose snapshot is being made joins in. */
export function coalesceSnapshots(makeSnapshot: LoaderOptions['makeSnapshot']): LoaderOptions['makeSnapshot'] {
  if (makeSnapshot === undefined) return undefined
  const underWay = new Map<string, Promise<void>>()
  return (project) => {
    const known = underWay.get(project)
    if (known !== undefined) return known
    const made = makeSnapshot(project).finally(() => underWay.delete(project))
    underWay.set(project, made)
    return made
  }
}

/** Sees to it that large indexes have snapshots that are not too old. */
export class Snapshotter {
  readonly #followers: Followed
  readonly #options: LoaderOptions
  /** The revision of the last snapshot of each project, as far as it was made here. */
  readonly #revisions = new Map<string, number>()
  /** Projects whose index is gone, but not the work that went into it. */
  readonly #owed = new Set<string>()
  #underWay: Promise<void> | undefined

  constructor(followers: Followed, options: LoaderOptions) {
    this.#followers = followers
    this.#options = options
  }

  /** The projects that have a snapshot, the one saved last first. */
  async projects(): Promise<readonly string[]> {
    return (await this.#options.snapshots?.list()) ?? []
  }

  /** Lets the other thread make those that are due, one after the other; a call while that goes on joins it. */
  makeDue(): Promise<void> {
    this.#underWay ??= this.#make().finally(() => {
      this.#underWay = undefined
    })
    return this.#underWay
  }

  /** Lets a snapshot be made, if one is due, of a project whose index was dropped: by the other thread, from the store. */
  dropped(project: string, index: ProjectIndex): void {
    if (this.#options.makeSnapshot === undefined || !this.#isDue(project, index)) return
    this.#owed.add(project)
    void this.makeDue()
  }

  /** Saves every index that has changed since its last snapshot, as it is. */
  async saveAll(): Promise<void> {
    await this.#underWay
    const { snapshots, store } = this.#options
    if (snapshots === undefined) return
    for (const [project, { index }] of this.#followers) {
      if (index === undefined || index.size < SNAPSHOT_SIZE_MIN) continue
      if (index.revision === this.#revisionOf(project, index.loadedRevision)) continue
      await this.#attempt(project, async () => {
        await index.save(snapshots, store, project)
      })
    }
  }

  async #make(): Promise<void> {
    const { makeSnapshot } = this.#options
    if (makeSnapshot === undefined) return
    // Also those that come to be owed meanwhile.
    for (const project of this.#owed) {
      this.#owed.delete(project)
      await this.#attempt(project, () => makeSnapshot(project))
    }
    for (const [project, { index }] of [...this.#followers]) {
      if (index === undefined || !this.#isDue(project, index)) continue
      const { revision } = index
      await this.#attempt(project, async () => {
        await makeSnapshot(project)
        this.#revisions.set(project, revision)
      })
    }
    // An index that is loaded again knows from which snapshot.
    for (const project of this.#revisions.keys()) if (!this.#followers.has(project)) this.#revisions.delete(project)
  }

  #isDue(project: string, index: ProjectIndex): boolean {
    if (index.size < SNAPSHOT_SIZE_MIN) return false
    const changes = index.revision - this.#revisionOf(project, index.loadedRevision)
    return changes >= Math.max(CHANGES_MIN, index.size / PART_OF_INDEX)
  }

  #revisionOf(project: string, loadedRevision: number): number {
    return Math.max(this.#revisions.get(project) ?? 0, loadedRevision)
  }

  /** A snapshot that cannot be made costs time at the next start, and nothing else. */
  async #attempt(project: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#options.onSnapshotError(project, error)
    }
  }
}
