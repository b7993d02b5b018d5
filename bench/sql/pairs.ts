import type { Dataset } from '../data/dataset.ts'
import type { Progress } from '../report/progress.ts'

/** A data set with numbered pairs, as loaded into both SQL engines. */
export type PairTable = {
  readonly size: number
  /** The pairs of image `i` are at `starts[i]` up to `starts[i + 1]`. */
  readonly starts: Uint32Array
  readonly pairs: Uint32Array
  idOf(key: string, value: string): number
}

const TAGS_MAX = 10

/** Numbers the pairs of a data set in order of appearance. */
export function numberPairs(dataset: Dataset, progress: Progress): PairTable {
  const ids = new Map<string, number>()
  const starts = new Uint32Array(dataset.size + 1)
  const pairs = new Uint32Array(dataset.size * TAGS_MAX)
  let used = 0
  progress.start('numbering the pairs', dataset.size)
  for (let number = 0; number < dataset.size; number++) {
    starts[number] = used
    for (const { key, value } of dataset.at(number).tags) {
      const name = `${key}=${value}`
      let id = ids.get(name)
      if (id === undefined) {
        id = ids.size
        ids.set(name, id)
      }
      pairs[used++] = id
    }
    if (number % 1000 === 0) progress.update(number)
  }
  starts[dataset.size] = used
  progress.stop()
  return {
    size: dataset.size,
    starts,
    pairs: pairs.subarray(0, used),
    idOf: (key, value) => {
      const id = ids.get(`${key}=${value}`)
      if (id === undefined) throw new Error(`no image has ${key}=${value}`)
      return id
    },
  }
}

/** All assignments ordered by pair and image, each as `pair * 2 ** 32 + image`. */
export function sortedPostings({ size, starts, pairs }: PairTable): Float64Array {
  const postings = new Float64Array(pairs.length)
  for (let number = 0; number < size; number++) {
    for (let i = starts[number] as number; i < (starts[number + 1] as number); i++) {
      postings[i] = (pairs[i] as number) * 2 ** 32 + number
    }
  }
  return postings.sort()
}
