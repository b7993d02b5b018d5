import type { TagQuery } from '../core/tag-query.ts'
import { BLOCK_SLOTS } from '../search-index/kernels/abi.ts'
import { COUNTED_KEYS_MAX, COUNTED_VALUES_MAX } from '../search-index/query-executor.ts'
import type { StepwiseSearch } from '../search-index/stepwise-search.ts'
import type { TagIndex } from '../search-index/tag-index.ts'
import type { FacetRequest } from './combined-request.ts'
import { SMALL_SIZE_MAX } from './type-index.ts'

/** Programs times blocks of slots that the facets of one answer take together; one of them may take more. About 5 ms. */
const PROGRAM_BLOCKS_MAX = 8192

/**
 * Decides which facets are counted at once, in the tick of the answer: few of them, of keys with few values. For the queries of
 * the others, their matches are listed before, so that a tally can begin without a search.
 */
export class FacetSearches {
  readonly #keysOf = new Map<TagQuery, (string | undefined)[]>()
  #left = PROGRAM_BLOCKS_MAX

  constructor(facets: readonly FacetRequest[]) {
    for (const { query, key } of facets) {
      const keys = this.#keysOf.get(query) ?? []
      this.#keysOf.set(query, keys)
      keys.push(key)
    }
  }

  /** Lists the matches of a query, as it is for the type of an index, if a facet of it is not counted at once. */
  search(index: TagIndex, query: TagQuery, ofType: TagQuery): StepwiseSearch | undefined {
    const keys = this.#keysOf.get(query) ?? []
    if (index.slotCount <= SMALL_SIZE_MAX || keys.every((key) => this.#isCountedAtOnce(index, key))) return undefined
    // A tally of all resources needs no list.
    return index.count(ofType) === index.size ? undefined : index.listInSteps(ofType)
  }

  #isCountedAtOnce(index: TagIndex, key: string | undefined): boolean {
    const [programs, max] =
      key === undefined
        ? [index.keyCount, COUNTED_KEYS_MAX]
        : [valuesUpTo(index, key, COUNTED_VALUES_MAX + 1), COUNTED_VALUES_MAX]
    const cost = programs * Math.ceil(index.slotCount / BLOCK_SLOTS)
    const isFirst = this.#left === PROGRAM_BLOCKS_MAX
    if (programs > max || (cost > this.#left && !isFirst)) return false
    this.#left -= cost
    return true
  }
}

/** The number of values of a key, at most `max`. */
function valuesUpTo(index: TagIndex, key: string, max: number): number {
  let values = 0
  for (const _ of index.tagsInUse.valuesFrom(key, '')) if (++values === max) break
  return values
}
