import { BoundedMap } from './bounded-map.ts'

/** Default size limit of a cache. */
export const ENTRIES_MAX = 10_000

/**
 * Caches values that are derived from the accounts. A new accounts revision invalidates all of them. Absent values are
 * not cached: requests with invented keys must not evict others.
 */
export class RevisionCache<T extends object> {
  readonly #entries: BoundedMap<T>
  #revision = -1

  constructor(entriesMax = ENTRIES_MAX) {
    this.#entries = new BoundedMap(entriesMax)
  }

  /** Gives the value of a key at an accounts revision; calls `load` when it is not cached. */
  async get(key: string, revision: number, load: () => Promise<T | undefined>): Promise<T | undefined> {
    const cached = this.peek(key, revision)
    if (cached !== undefined) return cached
    const value = await load()
    if (value !== undefined) this.set(key, revision, value)
    return value
  }

  /** Gives the cached value of a key at an accounts revision; undefined when there is none. */
  peek(key: string, revision: number): T | undefined {
    this.#advanceTo(revision)
    return revision === this.#revision ? this.#entries.get(key) : undefined
  }

  /** Caches a value that was loaded at a revision, unless the accounts have changed since. */
  set(key: string, revision: number, value: T): void {
    this.#advanceTo(revision)
    if (revision === this.#revision) this.#entries.set(key, value)
  }

  #advanceTo(revision: number): void {
    if (revision <= this.#revision) return
    this.#revision = revision
    this.#entries.clear()
  }
}
