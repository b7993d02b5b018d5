import type { Catalog } from '../../catalog/catalog.ts'
import { TimeSlice } from '../../catalog/time-slice.ts'
import { matches } from '../../core/matches.ts'
import type { Resource } from '../../core/resource.ts'
import type { ResourceType } from '../../core/resource-types.ts'
import type { TagQuery } from '../../core/tag-query.ts'
import type { Project } from '../../iam/accounts.ts'

/** Lines are built for this long before the export yields to the event loop. */
const SLICE_MS = 2

/**
 * Gives the lines of the resources that match a query, of some types or of all, project by project, each in one snapshot
 * of the store.
 */
export async function* exportedLines(
  catalog: Catalog,
  projects: readonly Project[],
  types: readonly ResourceType[] | undefined,
  query: TagQuery,
): AsyncGenerator<string> {
  for (const { id, name } of projects) {
    const slice = new TimeSlice(SLICE_MS, id)
    const { batches } = await catalog.export(id, types)
    for await (const resources of batches) {
      let lines = ''
      for (const resource of resources) {
        if (slice.isOver) await slice.yield()
        if (matches(resource, query)) lines += toLine(resource, name)
      }
      if (lines !== '') yield lines
      // Reading a batch and sending it to a fast reader do not wait for the event loop.
      await slice.yield()
    }
  }
}

function toLine(resource: Resource, project: string): string {
  const head = {
    resource_type: resource.type,
    project,
    resource_id: resource.id,
    resource_name: resource.name,
    created_at: new Date(resource.createdAtMs).toISOString(),
    updated_at: new Date(resource.updatedAtMs).toISOString(),
  }
  // The detail is inserted as is: it is JSON text already.
  return `${JSON.stringify(head).slice(0, -1)},"resource_detail":${resource.detail},"tags":${JSON.stringify(resource.tags)}}\n`
}
