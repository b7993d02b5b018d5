import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { ResourceTypes } from '../../core/resource-types.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { toSearchedTypes } from './searched-types.ts'
import { countIn, tagCountsAnswer, tagCountsBody, tagCountsQuery } from './tag-counts.ts'

/** Lists the keys in use in a project, with the number of resources (contract 10.12). */
export function listTagKeys(catalog: Catalog, known: ResourceTypes): Route {
  return defineRoute({
    id: 'ListTagKeys',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/tag-keys',
    summary: 'List the keys in use in a project with the number of resources',
    access: 'project',
    action: 'tagwerk:resources:list',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String() }),
    query: listQuery(tagCountsQuery),
    responses: { 200: tagCountsAnswer('keys', 'key') },
    handle: async ({ params, query }) => {
      const projects = [params.project_id]
      const types = await toSearchedTypes(query.resource_type, known, catalog, projects, 'resource_type')
      const page = await countIn(catalog, projects, types, undefined, query)
      return {
        status: 200,
        body: tagCountsBody('keys', 'key', page),
        ...(page.revision !== undefined && { revision: page.revision }),
      }
    },
  })
}
