/** Values kept between requests. */
const ENTRIES_MAX = 10_000

/** Keeps what was found out about accounts for as long as they do not change. What was not found is asked for again. */
export class RevisionCache<T extends object> {
  readonly #entries = new Map<string, { readonly revision: number; readonly value: T }>()

  /** Gives the value of a key as of a revision of the accounts, asking `find` when it is not known. */
  async get(key: string, revision: number, find: () => Promise<T | undefined>): Promise<T | undefined> {
    const known = this.#entries.get(key)
    if (known?.revision === revision) return known.value
    this.#entries.delete(key)
    const value = await find()
    if (value !== undefined) this.set(key, revision, value)
    return value
  }

  /** Gives what is kept under a key, of whatever revision. */
  peek(key: string): { readonly revision: number; readonly value: T } | undefined {
    return this.#entries.get(key)
  }

  set(key: string, revision: number, value: T): void {
    this.#entries.set(key, { revision, value })
    if (this.#entries.size > ENTRIES_MAX) this.#entries.delete(this.#entries.keys().next().value as string)
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }
}
