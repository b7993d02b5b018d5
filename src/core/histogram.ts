/** How many values a histogram has counted up to each bound, and their sum. */
export type HistogramCounts = {
  readonly bounds: readonly number[]
  /** For each bound the number of values up to it, and last the number of all values. */
  readonly cumulative: readonly number[]
  readonly sum: number
}

/** Counts values by their size. Adding one costs a few comparisons and no memory. */
export class Histogram {
  readonly #bounds: readonly number[]
  readonly #counts: Float64Array
  #sum = 0

  /** `bounds` are the upper bounds of the buckets, included, in ascending order. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = new Float64Array(bounds.length + 1)
  }

  /** Counts a value. */
  add(value: number): void {
    const bounds = this.#bounds
    let bucket = 0
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1
    this.#sum += value
  }

  /** The counts so far. */
  read(): HistogramCounts {
    let count = 0
    const cumulative = Array.from(this.#counts, (inBucket) => {
      count += inBucket
      return count
    })
    return { bounds: this.#bounds, cumulative, sum: this.#sum }
  }
}
