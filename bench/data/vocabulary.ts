import type { Dataset, DataTag } from './dataset.ts'

/** A pair and its share of the images. */
export type CountedPair = DataTag & { readonly share: number }

/** Size of the sample from which the pairs are collected. */
const SAMPLE_MAX = 50_000

/** A pair on more than every 32nd image is dense: a bitmap is its shortest representation. */
export const DENSE_SHARE = 1 / 32

/** The pairs of a data set, as far as a sample shows them, most common first. */
export class Vocabulary {
  readonly pairs: readonly CountedPair[]
  /** Keys by frequency, most common first. */
  readonly keys: readonly string[]

  constructor(dataset: Dataset) {
    const looked = Math.min(dataset.size, SAMPLE_MAX)
    const counts = new Map<string, DataTag & { count: number }>()
    const keys = new Map<string, number>()
    for (let i = 0; i < looked; i++) {
      for (const { key, value } of dataset.at(Math.floor((i * dataset.size) / looked)).tags) {
        const name = `${key}=${value}`
        const counted = counts.get(name)
        if (counted === undefined) counts.set(name, { key, value, count: 1 })
        else counted.count++
        keys.set(key, (keys.get(key) ?? 0) + 1)
      }
    }
    this.pairs = Array.from(counts.values(), ({ key, value, count }) => ({ key, value, share: count / looked })).sort(
      (a, b) => b.share - a.share || (`${a.key}=${a.value}` < `${b.key}=${b.value}` ? -1 : 1),
    )
    this.keys = Array.from(keys)
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .map(([key]) => key)
  }

  /** Pairs whose share lies between two bounds, the upper one included. */
  between(above: number, upTo: number): readonly CountedPair[] {
    return this.pairs.filter(({ share }) => share > above && share <= upTo)
  }

  /** The values of a key, most common first. */
  valuesOf(key: string): readonly string[] {
    return this.pairs.filter((pair) => pair.key === key).map(({ value }) => value)
  }
}
