import type { IndexedResource } from '../core/resource.ts'
import type { ResourceType } from '../core/resource-type.ts'
import type { TagQuery } from '../core/tag-query.ts'
import type { TagIndex } from '../search-index/tag-index.ts'
import type { ProjectIndex } from './project-index.ts'

/**
 * All resources that matched a query, at one revision. Both orders are generated lazily, and each resource is a view
 * into the index: read them before the next `await`, and copy those that outlive it with `copyOf`.
 */
export type Selection = {
  readonly revision: number
  readonly total: number
  oldestFirst(): Iterable<IndexedResource>
  newestFirst(): Iterable<IndexedResource>
}

/** Selects the resources of a type that match a query. */
export function selectFrom(project: ProjectIndex, type: ResourceType, query: TagQuery): Selection {
  const index = project.of(type)
  const { total, slots } = index.find(query, 0, index.size)
  return {
    revision: project.revision,
    total,
    oldestFirst: () => viewsOf(index, sortedByCreation(index, slots)),
    newestFirst: () => viewsOf(index, sortedByCreation(index, slots).toReversed()),
  }
}

/** Sorts slots by time of creation, in place. */
function sortedByCreation(index: TagIndex, slots: Uint32Array): Uint32Array {
  return index.isChronological ? slots : slots.sort((a, b) => index.createdAtMs(a) - index.createdAtMs(b) || a - b)
}

function* viewsOf(index: TagIndex, slots: Uint32Array): Generator<IndexedResource> {
  for (const slot of slots) yield index.view(slot)
}
