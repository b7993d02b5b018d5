import type { Dataset } from '../data/dataset.ts'
import type { Progress } from '../report/progress.ts'

/** A data set with its pairs by number: what both SQL engines are loaded with. */
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
  for (let place = 0; place < dataset.size; place++) {
    starts[place] = used
    for (const { key, value } of dataset.at(place).tags) {
      const name = `${key}=${value}`
      let id = ids.get(name)
      if (id === undefined) {
        id = ids.size
        ids.set(name, id)
      }
      pairs[used++] = id
    }
    if (place % 1000 === 0) progress.update(place)
  }
  starts[dataset.size] = used
  progress.stop()
  return {
    ...{ size: dataset.size, starts, pairs: pairs.subarray(0, used) },
    idOf: (key, value) => {
      const id = ids.get(`${key}=${value}`)
      if (id === undefined) throw new Error(`no image has ${key}=${value}`)
      return id
    },
  }
}

/** All assignments by pair, then by image: `pair * 2 ** 32 + place`, ascending. */
export function sortedPostings({ size, starts, pairs }: PairTable): Float64Array {
  const postings = new Float64Array(pairs.length)
  for (let place = 0; place < size; place++) {
    for (let i = starts[place] as number; i < (starts[place + 1] as number); i++) {
      postings[i] = (pairs[i] as number) * 2 ** 32 + place
    }
  }
  return postings.sort()
}
