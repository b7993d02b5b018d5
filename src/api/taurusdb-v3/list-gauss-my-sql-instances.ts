import { Type } from 'typebox'
import type { Catalog, Page } from '../../catalog/catalog.ts'
import { copyOf, type IndexedResource } from '../../core/resource.ts'
import { defineRoute, type Route } from '../route.ts'
import { filterMembers, type InstanceFilter, toInstanceFilter } from './instance-filter.ts'
import { listedInstance } from './instance-schemas.ts'
import { listed } from './instance-view.ts'
import { pageMembers } from './page-query.ts'

/** Lists the instances of a project (contract 3.1, 3.2), in order of creation: what comes new is on the last page (D9). */
export function listGaussMySqlInstances(catalog: Catalog): Route {
  return defineRoute({
    id: 'ListGaussMySqlInstances',
    method: 'GET',
    path: '/v3/{project_id}/instances',
    summary: 'List instances, also by tags',
    access: 'project',
    action: 'gaussdb:instance:list',
    params: Type.Object({ project_id: Type.String() }),
    query: Type.Object({ ...filterMembers, ...pageMembers }),
    responses: {
      200: Type.Object({
        total_count: Type.Integer({ description: 'All that were asked for, not those of the page.' }),
        instances: Type.Array(listedInstance),
      }),
    },
    handle: async ({ params, query }) => {
      const { limit, offset, ...asked } = query
      const filter = toInstanceFilter(asked)
      const { revision, total, resources } = await find(catalog, params.project_id, filter, { limit, offset })
      return { status: 200, body: { total_count: total, instances: resources.map(listed) }, revision }
    },
  })
}

type Found = { readonly revision: number; readonly total: number; readonly resources: readonly IndexedResource[] }

async function find(catalog: Catalog, project: string, filter: InstanceFilter, page: Page): Promise<Found> {
  const { query, fits } = filter
  if (fits === undefined) return catalog.find(project, 'instances', query, page)
  const { revision, oldestFirst } = await catalog.select(project, 'instances', query)
  const sequences: number[] = []
  for (const instance of oldestFirst()) if (fits(instance)) sequences.push(instance.sequence)
  // An imported instance may be older than those before it. Its place in the list is where it came in.
  sequences.sort((a, b) => a - b)
  const wanted = new Set(sequences.slice(page.offset, page.offset + page.limit))
  return { revision, total: sequences.length, resources: pick(oldestFirst(), wanted) }
}

/** Gives the instances with certain sequences, ascending. */
function pick(instances: Iterable<IndexedResource>, wanted: ReadonlySet<number>): readonly IndexedResource[] {
  const picked: IndexedResource[] = []
  if (wanted.size === 0) return picked
  for (const instance of instances) {
    if (wanted.has(instance.sequence)) picked.push(copyOf(instance))
    if (picked.length === wanted.size) break
  }
  return picked.sort((a, b) => a.sequence - b.sequence)
}
