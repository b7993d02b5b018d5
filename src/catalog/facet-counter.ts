import type { ResourceType } from '../core/resource-types.ts'
import type { TagQuery } from '../core/tag-query.ts'
import { SlotList } from '../search-index/slot-list.ts'
import type { KeyCounts, SlotTally, TagTally } from '../search-index/slot-tally.ts'
import type { StepwiseSearch } from '../search-index/stepwise-search.ts'
import type { Facet, FacetRequest } from './combined-request.ts'
import { mostFrequent } from './facet-sum.ts'
import type { ProjectIndex } from './project-index.ts'
import { TextCounts } from './text-counts.ts'
import type { TimeSlice } from './time-slice.ts'

/** Slots that are counted between two looks at the clock. */
const SLOTS_PER_STEP = 1024
/** Terms that are read between two looks at the clock. */
const TERMS_PER_LOOK = 256
/** With at most so many matches a tally costs less than a program for each value. */
const TALLIED_MIN = 1000

/** The search of a query in one type; without `search` it needs no steps. */
export type FacetPart = {
  readonly type: ResourceType
  readonly query: TagQuery
  readonly search: StepwiseSearch | undefined
}

/** The matches of a query in one type: their tags are counted already, or by a tally. */
type OfType = {
  readonly total: number
  readonly counted: readonly TagTally[] | undefined
  /** Counted keys, and the resources without tags; undefined unless keys were counted. */
  readonly keys?: KeyCounts | undefined
  readonly tally: SlotTally | undefined
}

/**
 * Counts the tags of facets as they are when it is made; `finish` does the rest of the work in time slices. A key with few
 * values, and few keys, are counted at once. Facets with the same query share a tally.
 */
export class FacetCounter {
  readonly #facets: readonly { readonly request: FacetRequest; readonly ofTypes: readonly OfType[] }[]
  readonly #tallies: SlotTally[] = []

  constructor(
    index: ProjectIndex,
    facets: readonly FacetRequest[],
    partsOf: (query: TagQuery) => readonly FacetPart[],
  ) {
    const talliesOf = new Map<TagQuery, Map<ResourceType, SlotTally>>()
    this.#facets = facets.map((request) => {
      const tallies = talliesOf.get(request.query) ?? new Map<ResourceType, SlotTally>()
      talliesOf.set(request.query, tallies)
      const ofTypes = partsOf(request.query).map((part) => this.#begin(index, request, part, tallies))
      return { request, ofTypes }
    })
  }

  /** Gives the facets. */
  async finish(slice: TimeSlice): Promise<readonly Facet[]> {
    for (const tally of this.#tallies) {
      while (!tally.isDone) {
        if (slice.isOver) await slice.yield()
        tally.step(SLOTS_PER_STEP)
      }
    }
    const facets: Facet[] = []
    for (const { request, ofTypes } of this.#facets) facets.push(await toFacet(request, ofTypes, slice))
    return facets
  }

  /** Ends all tallies. */
  close(): void {
    for (const tally of this.#tallies) tally.close()
  }

  #begin(index: ProjectIndex, { key }: FacetRequest, part: FacetPart, tallies: Map<ResourceType, SlotTally>): OfType {
    const { type, query, search } = part
    const ofType = index.of(type)
    const total = search?.slots().length ?? ofType.count(query)
    if (total === 0) return { total, counted: [], tally: undefined }
    if (search === undefined) {
      const counted = key !== undefined && total > TALLIED_MIN ? ofType.countValues(query, key) : undefined
      if (counted !== undefined) return { total, counted, tally: undefined }
      const keys = key === undefined ? ofType.countKeys(query) : undefined
      if (keys !== undefined) return { total, counted: undefined, keys, tally: undefined }
    }
    let tally = tallies.get(type)
    if (tally === undefined) {
      const isAll = total === ofType.size
      tally = ofType.tally(isAll ? 'all' : (search?.slots() ?? SlotList.of(ofType.find(query, 0, total).slots)))
      tallies.set(type, tally)
      this.#tallies.push(tally)
    }
    return { total, counted: undefined, tally }
  }
}

async function toFacet({ key, limit }: FacetRequest, ofTypes: readonly OfType[], slice: TimeSlice): Promise<Facet> {
  const counts = new TextCounts()
  const addText = (text: string, count: number) => {
    if (count > 0) counts.add(text, count)
  }
  const add = (tag: TagTally) => {
    if (key === undefined || tag.key === key) addText(key === undefined ? tag.key : tag.value, tag.count)
  }
  let total = 0
  let untagged = 0
  for (const ofType of ofTypes) {
    total += ofType.total
    untagged += ofType.tally?.untagged ?? ofType.keys?.untagged ?? 0
    for (const [text, count] of ofType.keys?.keys ?? []) addText(text, count)
    for (const tag of ofType.counted ?? []) add(tag)
    let read = 0
    for (const tag of ofType.tally?.tags(key) ?? []) {
      if (tag !== undefined) add(tag)
      if (++read % TERMS_PER_LOOK === 0 && slice.isOver) await slice.yield()
    }
  }
  const listed = await mostFrequent(counts, limit, slice)
  return {
    total,
    withKey: key === undefined ? total - untagged : counts.sum,
    counts: listed,
    more: counts.size - listed.length,
  }
}
