import type { ResourceType } from '../core/resource-types.ts'
import { compareCodePoints } from '../core/text.ts'
import type { TagIndex } from '../search-index/tag-index.ts'
import type { ProjectIndex } from './project-index.ts'
import { TimeSlice } from './time-slice.ts'

/** A page that changes while it is counted is counted again, the last time without yielding. */
const TRIES_MAX = 3

/** Which keys or values to count. */
export type TagCountsPage = {
  /** Counts the values of this key; undefined: the keys. */
  readonly key?: string | undefined
  /** What the keys or values begin with. */
  readonly prefix: string
  /** The last key or value of the page before; undefined on the first page. */
  readonly after?: string | undefined
  readonly limit: number
}

/** A key or a value in use, and the number of resources that have it, by type. */
export type TagCount = { readonly text: string; readonly counts: ReadonlyMap<ResourceType, number> }

/** The keys or values of one type that are not on the page yet. `head` is the next one; undefined at the end. */
type Source = {
  readonly type: ResourceType
  readonly index: TagIndex
  readonly rest: Iterator<string>
  head: string | undefined
}

/**
 * Gives a page of the keys in use, or of the values of a key, ascending by code point, with the number of resources of each
 * type, all at one revision. Works in time slices. Without types, over every type that the project has.
 */
export async function countTags(
  project: string,
  index: ProjectIndex,
  types: readonly ResourceType[] | undefined,
  page: TagCountsPage,
): Promise<{ revision: number; counts: readonly TagCount[]; hasMore: boolean }> {
  const slice = new TimeSlice(project)
  for (let tries = 1; ; tries++) {
    for (const type of types ?? index.types) {
      while (!index.of(type).tagsInUse.prepare()) if (slice.isOver) await slice.yield()
    }
    await index.boundary.reached()
    const { revision } = index
    const counting = countPage(index, types ?? index.types, page)
    let step = counting.next()
    while (!step.done && index.revision === revision) {
      if (slice.isOver && tries < TRIES_MAX) await slice.yield()
      // The sources must not be read after a change.
      if (index.revision === revision) step = counting.next()
    }
    if (step.done) return { revision, ...step.value }
  }
}

/** Merges the sorted keys or values of all types. Yields after each type and each text. */
function* countPage(fresh: ProjectIndex, types: readonly ResourceType[], page: TagCountsPage) {
  const { key, prefix, after, limit } = page
  const start = after !== undefined && compareCodePoints(after, prefix) > 0 ? after : prefix
  const sources: Source[] = []
  for (const type of types) {
    // A use may have to unpack the index of a type.
    const index = fresh.of(type)
    const rest = key === undefined ? index.tagsInUse.keysFrom(start) : index.tagsInUse.valuesFrom(key, start)
    sources.push({ type, index, rest, head: rest.next().value })
    yield
  }
  const counts: TagCount[] = []
  for (;;) {
    const text = smallestHead(sources)
    if (text === undefined || !text.startsWith(prefix)) return { counts, hasMore: false }
    if (text !== after && counts.length === limit) return { counts, hasMore: true }
    const ofText = new Map<ResourceType, number>()
    for (const source of sources) {
      if (source.head !== text) continue
      source.head = source.rest.next().value
      if (text === after) continue
      ofText.set(source.type, key === undefined ? source.index.countOf(text) : source.index.countOf(key, text))
    }
    if (text !== after) counts.push({ text, counts: ofText })
    yield
  }
}

function smallestHead(sources: readonly Source[]): string | undefined {
  let smallest: string | undefined
  for (const { head } of sources) {
    if (head !== undefined && (smallest === undefined || compareCodePoints(head, smallest) < 0)) smallest = head
  }
  return smallest
}
