import { ofType } from '../core/expression/decided-query.ts'
import { copyOf, type IndexedResource } from '../core/resource.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { TagQuery } from '../core/tag-query.ts'
import type { QueryRequest } from '../search-index/query-request.ts'
import type { StepwiseSearch } from '../search-index/stepwise-search.ts'
import type { TagIndex } from '../search-index/tag-index.ts'
import { prepareFilter } from './filters.ts'
import type { ProjectIndex } from './project-index.ts'
import type { Answer } from './query-batcher.ts'
import { TimeSlice } from './time-slice.ts'
import { SMALL_SIZE_MAX } from './type-index.ts'

const NO_BYTES = new Uint8Array(0)

/** A resource on a page over several types. */
export type FoundResource = { readonly type: ResourceType; readonly resource: IndexedResource }

/** Resources of several types that match, with their totals, all at one revision. */
export type FoundPage = {
  readonly revision: number
  readonly totals: ReadonlyMap<ResourceType, number>
  readonly resources: readonly FoundResource[]
}

/**
 * Finds a page over several types in time slices: type by type in the given order, each in order of creation. The index
 * changes between the slices, but not what the page shows. `owner`: see `TimeSlice`.
 */
export async function findPage(
  index: ProjectIndex,
  types: readonly ResourceType[],
  query: TagQuery,
  { offset, limit }: { readonly offset: number; readonly limit: number },
  owner: string,
): Promise<FoundPage> {
  const slice = new TimeSlice(owner)
  if (slice.isOver) await slice.yield()
  for (const type of types) {
    if (slice.isOver && index.packedSize(type) > 0) await slice.yield()
    index.of(type)
  }
  await prepareFilter(index, types, query, owner)
  const searches = types.map((type) => {
    const queryOfType = ofType(query, type)
    return { type, query: queryOfType, search: searchInSteps(index.of(type), queryOfType) }
  })
  try {
    for (const { search } of searches) if (search !== undefined) await finish(search, slice)
    await index.boundary.reached()
    return await copyPages(index, searches, offset, limit, slice)
  } finally {
    for (const { search } of searches) search?.close()
  }
}

/** The search in one type; without `search` it needs no steps. */
type TypeSearch = {
  readonly type: ResourceType
  readonly query: TagQuery
  readonly search: StepwiseSearch | undefined
}

/** Takes all pages at one revision, then copies their resources in time slices. */
async function copyPages(
  index: ProjectIndex,
  searches: readonly TypeSearch[],
  offset: number,
  limit: number,
  slice: TimeSlice,
): Promise<FoundPage> {
  const { revision } = index
  const totals = new Map<ResourceType, number>()
  const resources: FoundResource[] = []
  const scans = []
  let before = 0
  let left = limit
  for (const { type, query, search } of searches) {
    const indexOfType = index.of(type)
    const start = Math.max(0, offset - before)
    const { total, slots } = search?.page(start, left) ?? indexOfType.find(query, start, left)
    if (slots.length > 0) scans.push({ type, scan: indexOfType.scanSlots(slots) })
    totals.set(type, total)
    before += total
    left -= slots.length
  }
  try {
    for (const { type, scan } of scans) {
      while (!scan.isDone) {
        if (slice.isOver) await slice.yield()
        const resource = scan.next()
        if (resource !== undefined) resources.push({ type, resource: copyOf(resource) })
      }
    }
  } finally {
    for (const { scan } of scans) scan.close()
  }
  return { revision, totals, resources }
}

/**
 * Answers a query that takes several time slices; undefined for one that needs none. `read` must copy out of the answer
 * synchronously. `owner`: see `TimeSlice`.
 */
export function answerInSteps<T>(
  index: ProjectIndex,
  type: ResourceType,
  request: QueryRequest,
  owner: string,
  read: (answer: Answer) => T,
): Promise<T> | undefined {
  const { nameContains, nameEquals, filter } = request.query
  if (nameContains === undefined && nameEquals === undefined && filter === undefined) return undefined
  const search = searchInSteps(index.of(type), request.query)
  return search && readAtEnd(index, type, search, request, owner, read)
}

async function readAtEnd<T>(
  index: ProjectIndex,
  type: ResourceType,
  search: StepwiseSearch,
  { offset, limit, shape }: QueryRequest,
  owner: string,
  read: (answer: Answer) => T,
): Promise<T> {
  try {
    await finish(search, new TimeSlice(owner))
    await index.boundary.reached()
    const { total, slots } = search.page(offset, limit)
    const json = shape === undefined ? NO_BYTES : index.of(type).slotsJson(slots, shape)
    return read({ revision: index.revision, total, json })
  } finally {
    search.close()
  }
}

/** Searches a small index at once: it may be packed between slices, and slots change with that. */
export function searchInSteps(index: TagIndex, query: TagQuery): StepwiseSearch | undefined {
  return index.slotCount > SMALL_SIZE_MAX ? index.searchInSteps(query) : undefined
}

/** Does all steps of a search in time slices. */
export async function finish(search: StepwiseSearch, slice: TimeSlice): Promise<void> {
  while (!search.isDone) {
    if (slice.isOver) await slice.yield()
    search.step()
  }
}
