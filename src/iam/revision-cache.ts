import { BoundedMap } from './bounded-map.ts'

/** Values kept between requests. */
export const ENTRIES_MAX = 10_000

/**
 * Keeps what was found out about accounts for as long as they do not change, and lets go of all of it when they do. What
 * was not found is asked for again.
 */
export class RevisionCache<T extends object> {
  readonly #entries: BoundedMap<T>
  #revision = -1

  constructor(entriesMax = ENTRIES_MAX) {
    this.#entries = new BoundedMap(entriesMax)
  }

  /** Gives the value of a key as of a revision of the accounts, asking `find` when it is not known. */
  async get(key: string, revision: number, find: () => Promise<T | undefined>): Promise<T | undefined> {
    const known = this.known(key, revision)
    if (known !== undefined) return known
    const value = await find()
    if (value !== undefined) this.set(key, revision, value)
    return value
  }

  /** Gives the value of a key as of a revision of the accounts if it is known. */
  known(key: string, revision: number): T | undefined {
    this.#moveTo(revision)
    return revision === this.#revision ? this.#entries.get(key) : undefined
  }

  /** Keeps a value that was found at a revision, unless the accounts have changed since. */
  set(key: string, revision: number, value: T): void {
    this.#moveTo(revision)
    if (revision === this.#revision) this.#entries.set(key, value)
  }

  #moveTo(revision: number): void {
    if (revision <= this.#revision) return
    this.#revision = revision
    this.#entries.clear()
  }
}
