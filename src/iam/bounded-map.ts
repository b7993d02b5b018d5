/** A map with a size limit. When it is full, the oldest entry is evicted (first in, first out). */
export class BoundedMap<T> {
  readonly #entries = new Map<string, T>()
  readonly #entriesMax: number

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax
  }

  get(key: string): T | undefined {
    return this.#entries.get(key)
  }

  /** Sets the value of a key. The age of an existing key does not change. */
  set(key: string, value: T): void {
    this.#entries.set(key, value)
    if (this.#entries.size > this.#entriesMax) this.#entries.delete(this.#entries.keys().next().value as string)
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }
}
