import { Type } from 'typebox'
import type { Catalog, Page } from '../../catalog/catalog.ts'
import { copyOf, type IndexedResource } from '../../core/resource.ts'
import { INSTANCES } from '../../core/resource-types.ts'
import { tolerantListQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { filterMembers, type InstanceFilter, toInstanceFilter } from './instance-filter.ts'
import { listedInstance } from './instance-schemas.ts'
import { listedInstanceView } from './instance-view.ts'
import { pageMembers } from './page-query.ts'

/** Lists the instances of a project (contract 3.1, 3.2) in order of creation, so new ones are on the last page (D9). */
export function listGaussMySqlInstances(catalog: Catalog): Route {
  return defineRoute({
    id: 'ListGaussMySqlInstances',
    method: 'GET',
    path: '/v3/{project_id}/instances',
    summary: 'List instances, optionally filtered',
    access: 'project',
    action: 'gaussdb:instance:list',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String() }),
    query: tolerantListQuery(filterMembers, pageMembers),
    responses: {
      200: Type.Object({
        total_count: Type.Integer({ description: 'Number of matching instances on all pages.' }),
        instances: Type.Array(listedInstance),
      }),
    },
    handle: async ({ params, query }) => {
      const { limit, offset, ...filterParams } = query
      const filter = toInstanceFilter(filterParams)
      const { revision, total, resources } = await findPage(catalog, params.project_id, filter, { limit, offset })
      return { status: 200, body: { total_count: total, instances: resources.map(listedInstanceView) }, revision }
    },
  })
}

type InstancePage = {
  readonly revision: number
  readonly total: number
  readonly resources: readonly IndexedResource[]
}

async function findPage(catalog: Catalog, project: string, filter: InstanceFilter, page: Page): Promise<InstancePage> {
  const { query, matches } = filter
  if (matches === undefined) return catalog.find(project, INSTANCES, query, page)
  const resources: IndexedResource[] = []
  let total = 0
  // By sequence, which is the order of the list: an imported instance may have an earlier creation time than those
  // registered before it.
  const revision = await catalog.scan(project, INSTANCES, query, { matches }, (instance) => {
    if (total >= page.offset && resources.length < page.limit) resources.push(copyOf(instance))
    total++
    return true
  })
  return { revision, total, resources }
}
