import type { HistogramCounts } from '../core/histogram.ts'
import type { IndexCache, IndexStats } from './index-cache.ts'
import type { Snapshotter } from './snapshotter.ts'

/** The indexes of a process: their statistics, loading them ahead, snapshots of them, and dropping them. */
export class IndexMaintenance {
  readonly #cache: IndexCache
  readonly #snapshotter: Snapshotter
  readonly #onError: (error: unknown) => void

  /** `onError` must not throw. */
  constructor(cache: IndexCache, snapshotter: Snapshotter, onError: (error: unknown) => void) {
    this.#cache = cache
    this.#snapshotter = snapshotter
    this.#onError = onError
  }

  /** Drops the index of a project, or of all projects; the next read loads it again. */
  drop(project?: string): void {
    this.#cache.drop(project)
  }

  get stats(): IndexStats {
    return this.#cache.stats
  }

  /** How many revisions indexes were behind the store when a read found them behind. */
  get lag(): HistogramCounts {
    return this.#cache.lag
  }

  /**
   * Loads indexes that have snapshots, the most recently saved first, until the loaded ones exceed a size in bytes: what
   * was in use before a restart is likely to be read after it.
   */
  async warmUp(bytesMax: number): Promise<void> {
    let bytes = 0
    try {
      for (const project of await this.#snapshotter.projects()) {
        if (bytes >= bytesMax) return
        bytes += (await this.#cache.fresh(project)).bytes
      }
    } catch (error) {
      this.#onError(error)
    }
  }

  /** Makes a snapshot of each index that has changed enough since its last one. */
  makeDueSnapshots(): Promise<void> {
    return this.#snapshotter.makeDue()
  }

  /** Saves a snapshot of each index that has changed, at shutdown: no read or write may follow. */
  saveSnapshots(): Promise<void> {
    return this.#snapshotter.saveAll()
  }
}
