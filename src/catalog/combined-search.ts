import { inProject, ofType } from '../core/expression/decided-query.ts'
import { copyOf } from '../core/resource.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { TagQuery } from '../core/tag-query.ts'
import { compareCodePoints } from '../core/text.ts'
import type { StepwiseSearch } from '../search-index/stepwise-search.ts'
import type { CombinedRequest, CombinedResult, Cursor } from './combined-request.ts'
import { FacetCounter } from './facet-counter.ts'
import { FacetSearches } from './facet-searches.ts'
import { prepareFilter } from './filters.ts'
import { type FoundResource, finish, searchInSteps } from './page-search.ts'
import type { ProjectIndex } from './project-index.ts'
import { TimeSlice } from './time-slice.ts'

/** Thrown when queries that were made from the state of an index are no longer those of its present state. */
export class NoLongerCurrent extends Error {}

/** A query in one type; without `search` it needs no steps. */
type Part = { readonly type: ResourceType; readonly query: TagQuery; readonly search: StepwiseSearch | undefined }

/**
 * Answers several queries over the same types, all at one revision, in time slices: a page of the first one by cursor, type
 * by type in ascending order, each in order of creation; facets; and counts. `types` must ascend. `isCurrent` is asked at
 * the revision of the answer: with false, the queries are of an earlier state, and it throws `NoLongerCurrent`.
 */
export async function searchCombined(
  index: ProjectIndex,
  project: string,
  types: readonly ResourceType[],
  request: CombinedRequest,
  isCurrent: () => boolean = () => true,
): Promise<CombinedResult> {
  const slice = new TimeSlice(project)
  for (const type of types) {
    if (slice.isOver && index.packedSize(type) > 0) await slice.yield()
    index.of(type)
  }
  const queries = new Set([request.query, ...request.facets.map(({ query }) => query), ...request.counted])
  for (const query of queries) await prepareFilter(index, types, query, project)
  if (request.facets.length > 0) await prepareValues(index, types, slice)
  const parts = new Map<TagQuery, readonly Part[]>()
  const facetSearches = new FacetSearches(request.facets)
  const searches: StepwiseSearch[] = []
  try {
    for (const query of queries) {
      const partsOfQuery: Part[] = []
      for (const type of types) {
        const queryOfType = ofType(inProject(query, project), type)
        const indexOfType = index.of(type)
        const search = searchInSteps(indexOfType, queryOfType) ?? facetSearches.search(indexOfType, query, queryOfType)
        if (search !== undefined) searches.push(search)
        partsOfQuery.push({ type, query: queryOfType, search })
        if (slice.isOver) await slice.yield()
      }
      parts.set(query, partsOfQuery)
    }
    for (const search of searches) await finish(search, slice)
    await index.boundary.reached()
    if (!isCurrent()) throw new NoLongerCurrent()
    return await answer(index, parts, request, slice)
  } finally {
    for (const search of searches) search.close()
  }
}

/** Collects the values in use, so that facets can look them up at once. */
async function prepareValues(index: ProjectIndex, types: readonly ResourceType[], slice: TimeSlice): Promise<void> {
  for (const type of types) {
    while (!index.of(type).tagsInUse.prepare()) if (slice.isOver) await slice.yield()
  }
}

/** Takes all answers in one tick, then copies resources and counts tags as they were, in time slices. */
async function answer(
  index: ProjectIndex,
  parts: ReadonlyMap<TagQuery, readonly Part[]>,
  { query, limit, after, facets, counted }: CombinedRequest,
  slice: TimeSlice,
): Promise<CombinedResult> {
  const { revision } = index
  const partsOf = (one: TagQuery) => parts.get(one) as readonly Part[]
  const pages = takePages(index, partsOf(query), limit, after)
  const counter = new FacetCounter(index, facets, partsOf)
  try {
    const counts = counted.map((one) => partsOf(one).reduce((sum, part) => sum + findIn(index, part, 0, 0).total, 0))
    const resources: FoundResource[] = []
    for (const { type, scan } of pages.scans) {
      while (!scan.isDone) {
        if (slice.isOver) await slice.yield()
        const resource = scan.next()
        if (resource !== undefined) resources.push({ type, resource: copyOf(resource) })
      }
    }
    const last = cursorOf(resources.at(-1), pages, revision)
    const next = pages.hasMore ? last : undefined
    return { revision, totals: pages.totals, resources, next, last, facets: await counter.finish(slice), counts }
  } finally {
    for (const { scan } of pages.scans) scan.close()
    counter.close()
  }
}

type Scan = ReturnType<ReturnType<ProjectIndex['of']>['scanSlots']>
type TakenPages = {
  readonly totals: ReadonlyMap<ResourceType, number>
  readonly scans: readonly { readonly type: ResourceType; readonly scan: Scan }[]
  /** Matches of the last type of the page up to its end. */
  readonly offset: number
  readonly hasMore: boolean
}

function takePages(index: ProjectIndex, parts: readonly Part[], limit: number, after: Cursor | undefined): TakenPages {
  const totals = new Map<ResourceType, number>()
  const scans: { type: ResourceType; scan: Scan }[] = []
  let left = limit
  let offset = 0
  let hasMore = false
  for (const part of parts) {
    const { type } = part
    const isBefore = after !== undefined && compareCodePoints(type, after.type) < 0
    const start = type === after?.type ? offsetAfter(index, part, after) : 0
    const { total, slots } = findIn(index, part, start, isBefore ? 0 : left)
    totals.set(type, total)
    if (slots.length > 0) {
      scans.push({ type, scan: index.of(type).scanSlots(slots) })
      offset = start + slots.length
    }
    left -= slots.length
    if (!isBefore && start + slots.length < total) hasMore = true
  }
  return { totals, scans, offset, hasMore: hasMore && limit > 0 }
}

/** The number of matches in a type up to a cursor. */
function offsetAfter(index: ProjectIndex, part: Part, { sequence, revision, offset }: Cursor): number {
  if (index.revision === revision) return offset
  const indexOfType = index.of(part.type)
  const slot = indexOfType.slotAfter(sequence)
  const { slots } = findIn(index, part, 0, indexOfType.slotCount)
  return lowerBound(slots, slot)
}

function findIn(index: ProjectIndex, { type, query, search }: Part, offset: number, limit: number) {
  return search?.page(offset, limit) ?? index.of(type).find(query, offset, limit)
}

function cursorOf(last: FoundResource | undefined, { offset }: TakenPages, revision: number): Cursor | undefined {
  if (last === undefined) return undefined
  return { type: last.type, sequence: last.resource.sequence, revision, offset }
}

/** The number of slots below a slot. */
function lowerBound(slots: Uint32Array, slot: number): number {
  let low = 0
  let high = slots.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (slots[middle]! < slot) low = middle + 1
    else high = middle
  }
  return low
}
