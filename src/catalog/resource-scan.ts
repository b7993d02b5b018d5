import { DomainError } from '../core/errors.ts'
import { inProject, ofType } from '../core/expression/decided-query.ts'
import type { IndexedResource } from '../core/resource.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { TagQuery } from '../core/tag-query.ts'
import type { ProjectIndex } from './project-index.ts'
import { TimeSlice } from './time-slice.ts'

/** Slots that are visited between two looks at the clock. */
const SLOTS_PER_LOOK = 16
/** Changed resources that a scan keeps copies of, at most: about a kilobyte each. */
const COPIES_MAX = 100_000

export type ScanOptions = {
  /** A condition in addition to the query. Must be a pure function of the resource. */
  readonly matches?: (resource: IndexedResource) => boolean
  /** Default: false, in order of creation by sequence. */
  readonly isDescending?: boolean
}

/**
 * Receives a resource, which it must copy if it keeps it. `isByTime` says that the scan is also in order of creation
 * times. Returns false to end the scan.
 */
export type ScanVisitor = (resource: IndexedResource, isByTime: boolean) => boolean

/**
 * Visits the resources of a type that match, in time slices, all as they are at one revision, which it returns. Throws
 * `overloaded` when too many of them change meanwhile.
 */
export async function scanResources(
  project: string,
  index: ProjectIndex,
  type: ResourceType,
  query: TagQuery,
  { matches = () => true, isDescending = false }: ScanOptions,
  visit: ScanVisitor,
): Promise<number> {
  const { revision } = index
  const indexOfType = index.of(type)
  const isByTime = indexOfType.isChronological
  const slice = new TimeSlice(project)
  const scan = indexOfType.scan(ofType(inProject(query, project), type), matches, isDescending)
  try {
    for (let looked = 0; !scan.isDone; looked++) {
      if (looked % SLOTS_PER_LOOK === 0 && slice.isOver) {
        await slice.yield()
        if (scan.keptCount > COPIES_MAX) throw new DomainError('overloaded', { retryAfterSeconds: 1 })
      }
      const resource = scan.next()
      if (resource !== undefined && !visit(resource, isByTime)) break
    }
  } finally {
    scan.close()
  }
  return revision
}
