import type { Follower } from './follow.ts'
import { type LoaderOptions, SNAPSHOT_SIZE_MIN } from './index-loader.ts'

/** A snapshot is due after so many changes, or a part of the index. */
const CHANGES_MIN = 20_000
const PART_OF_INDEX = 4

/** Sees to it that large indexes have snapshots that are not too old. */
export class Snapshotter {
  readonly #followers: ReadonlyMap<string, Follower>
  readonly #options: LoaderOptions
  /** The revision of the last snapshot of each project, as far as it was made here. */
  readonly #revisions = new Map<string, number>()
  #underWay: Promise<void> | undefined

  constructor(followers: ReadonlyMap<string, Follower>, options: LoaderOptions) {
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
    for (const [project, { index }] of [...this.#followers]) {
      if (index === undefined || index.size < SNAPSHOT_SIZE_MIN) continue
      const changes = index.revision - this.#revisionOf(project, index.loadedRevision)
      if (changes < Math.max(CHANGES_MIN, index.size / PART_OF_INDEX)) continue
      const { revision } = index
      await this.#attempt(project, async () => {
        await makeSnapshot(project)
        this.#revisions.set(project, revision)
      })
    }
  }

  #revisionOf(project: string, loadedRevision: number): number {
    return Math.max(this.#revisions.get(project) ?? 0, loadedRevision)
  }

  /** A snapshot that cannot be made costs time at the next start, and nothing else. */
  async #attempt(project: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#options.onSnapshotTrouble(project, error)
    }
  }
}
