import type { Resource } from '../core/resource.ts'
import { copyOf } from '../core/resource.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { ReadOnlyTagStore, Scan } from '../store/store.ts'
import type { PastReads } from './past-reads.ts'
import type { ProjectIndex } from './project-index.ts'
import { TimeSlice } from './time-slice.ts'

/** Resources per batch. */
const BATCH = 500

/**
 * Gives every resource of some types, or of all, at one revision, type by type in order of creation. If rows are damaged,
 * the batches of all others end in an error that names the first, so that no export lacks resources in silence. The present
 * is read from the store, an earlier moment from an index.
 */
export async function exportResources(
  store: ReadOnlyTagStore,
  past: PastReads,
  project: string,
  types: readonly ResourceType[] | undefined,
): Promise<{ revision: number; batches: AsyncIterable<readonly Resource[]> }> {
  const revision = past.isPast ? await past.revision(project) : undefined
  if (revision === undefined || revision === (await store.getRevision(project))) {
    const scan = await store.scan(project, types)
    if (revision === undefined || revision === scan.revision) return { ...scan, batches: whole(scan) }
    await release(scan.batches)
  }
  const index = await past.index(project)
  return { revision: index.revision, batches: resourcesOf(project, index, types) }
}

async function* whole({ batches, damaged }: Scan): AsyncGenerator<readonly Resource[]> {
  yield* batches
  if (damaged[0] !== undefined) throw damaged[0]
}

/** Ends the reading of batches that nobody needs. */
async function release(batches: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of batches) break
}

/**
 * Yields the resources of some types, or of all, of an index that is not changed any more, type by type in order of
 * creation. Works in time slices. `owner`: see `TimeSlice`.
 */
async function* resourcesOf(
  owner: string,
  index: ProjectIndex,
  types: readonly ResourceType[] = index.types,
): AsyncGenerator<readonly Resource[]> {
  const slice = new TimeSlice(owner, { isBulk: true })
  for (const type of types) {
    const scan = index.of(type).scan({}, () => true, false)
    try {
      let batch: Resource[] = []
      while (!scan.isDone) {
        if (slice.isOver) await slice.yield()
        const resource = scan.next()
        if (resource !== undefined) batch.push({ type, ...copyOf(resource) })
        if (batch.length < BATCH) continue
        yield batch
        batch = []
      }
      yield batch
    } finally {
      scan.close()
    }
  }
}
