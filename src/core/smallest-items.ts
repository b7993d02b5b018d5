/** Keeps the smallest items of many, by a total order, without keeping the others. */
export class SmallestItems<T> {
  readonly #max: number
  readonly #compare: (a: T, b: T) => number
  readonly #sorted: T[] = []

  constructor(max: number, compare: (a: T, b: T) => number) {
    this.#max = max
    this.#compare = compare
  }

  /** The items that were kept, ascending. */
  get sorted(): readonly T[] {
    return this.#sorted
  }

  /** Gives false when the item is not among the smallest so far, so that it would not be kept. */
  wouldKeep(item: T): boolean {
    const largest = this.#sorted.length < this.#max ? undefined : this.#sorted.at(-1)
    return this.#max > 0 && (largest === undefined || this.#compare(item, largest) < 0)
  }

  /** Keeps an item if it is among the smallest so far. */
  add(item: T): void {
    if (!this.wouldKeep(item)) return
    if (this.#sorted.length === this.#max) this.#sorted.pop()
    let low = 0
    for (let high = this.#sorted.length; low < high; ) {
      const middle = (low + high) >>> 1
      if (this.#compare(item, this.#sorted[middle] as T) < 0) high = middle
      else low = middle + 1
    }
    this.#sorted.splice(low, 0, item)
  }
}
