import { SmallestItems } from '../core/smallest-items.ts'
import { compareCodePoints } from '../core/text.ts'
import type { Facet, FacetCount } from './combined-request.ts'
import { TextCounts } from './text-counts.ts'
import type { TimeSlice } from './time-slice.ts'

/** Texts that are looked at between two looks at the clock. */
const TEXTS_PER_LOOK = 256

/** Adds up facets of the same key in several projects, in time slices. */
export class FacetSum {
  readonly #limit: number | undefined
  readonly #counts = new TextCounts()
  #total = 0
  #withKey = 0

  /** `limit`: see `FacetRequest`. */
  constructor(limit: number | undefined) {
    this.#limit = limit
  }

  /** Number of values or keys so far. */
  get size(): number {
    return this.#counts.size
  }

  /** Adds a facet that lists all its values or keys. */
  async add({ total, withKey, counts }: Facet, slice: TimeSlice): Promise<void> {
    this.#total += total
    this.#withKey += withKey
    for (const [i, { text, count }] of counts.entries()) {
      this.#counts.add(text, count)
      if (i % TEXTS_PER_LOOK === 0 && slice.isOver) await slice.yield()
    }
  }

  /** Gives the sum. */
  async finish(slice: TimeSlice): Promise<Facet> {
    const counts = await mostFrequent(this.#counts, this.#limit, slice)
    return { total: this.#total, withKey: this.#withKey, counts, more: this.size - counts.length }
  }
}

/** The most frequent texts, ties by code point; without a limit all of them, in no order. */
export async function mostFrequent(
  counts: TextCounts,
  limit: number | undefined,
  slice: TimeSlice,
): Promise<readonly FacetCount[]> {
  const all: FacetCount[] = []
  const most = new SmallestItems<FacetCount>(limit ?? 0, mostFrequentFirst)
  let read = 0
  for (const [text, count] of counts) {
    if (limit === undefined) all.push({ text, count })
    else most.add({ text, count })
    if (++read % TEXTS_PER_LOOK === 0 && slice.isOver) await slice.yield()
  }
  return limit === undefined ? all : most.sorted
}

function mostFrequentFirst(a: FacetCount, b: FacetCount): number {
  return b.count - a.count || compareCodePoints(a.text, b.text)
}
