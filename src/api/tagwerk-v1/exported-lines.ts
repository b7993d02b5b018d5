import type { Catalog } from '../../catalog/catalog.ts'
import { TimeSlice } from '../../catalog/time-slice.ts'
import { inProject } from '../../core/expression/decided-query.ts'
import { matches } from '../../core/matches.ts'
import type { Resource } from '../../core/resource.ts'
import type { ResourceType } from '../../core/resource-types.ts'
import type { TagQuery } from '../../core/tag-query.ts'
import type { Project } from '../../iam/accounts.ts'
import { type TextPart, TextParts } from '../text-parts.ts'

/**
 * Gives the lines of the resources that match a query, of some types or of all, project by project, each in one snapshot
 * of the store. `owner`: see `TimeSlice`.
 */
export async function* exportedLines(
  catalog: Catalog,
  projects: readonly Project[],
  types: readonly ResourceType[] | undefined,
  query: TagQuery,
  owner: string,
): AsyncGenerator<TextPart | string> {
  const slice = new TimeSlice(owner, { isBulk: true })
  for (const { id, name } of projects) {
    const queryHere = inProject(query, id)
    const { batches } = await catalog.export(id, types)
    const lines = new TextParts()
    for await (const resources of batches) {
      const full: TextPart[] = []
      for (const resource of resources) {
        if (slice.isOver) await slice.yield()
        const part = matches(resource, queryHere) ? lines.add(toLine(resource, name)) : undefined
        if (part !== undefined) full.push(part)
      }
      // After the batch: a part waits for a slow reader, and the resources would outlive collections meanwhile.
      yield* full
    }
    const rest = lines.end()
    if (typeof rest !== 'string') yield* rest
    else if (rest !== '') yield rest
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
