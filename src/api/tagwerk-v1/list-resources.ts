import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { ResourceTypes } from '../../core/resource-types.ts'
import { asOfParameter } from '../as-of.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { filterMember, toFilter } from './conditions.ts'
import { SEARCH_PAGE_LIMITS } from './limits.ts'
import { afterCursor, search, searchAnswer, searchLimit } from './search-parts.ts'
import { searchedTypes, toSearchedTypes } from './searched-types.ts'

/** Lists the resources of all types in a project, page by page (contract 10.21). */
export function listResources(catalog: Catalog, known: ResourceTypes): Route {
  return defineRoute({
    id: 'ListResources',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/resources',
    summary: 'List resources of all types, or those for which an expression holds',
    access: 'project',
    action: 'tagwerk:resources:list',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String() }),
    query: listQuery({
      filter: filterMember,
      type: searchedTypes,
      limit: searchLimit,
      after: afterCursor,
      as_of: asOfParameter,
    }),
    responses: { 200: searchAnswer },
    handle: async ({ params: { project_id: project }, query }) => {
      const types = await toSearchedTypes(query.type, known, catalog, [project], 'type')
      const answer = await search(catalog, {
        project,
        types,
        query: query.filter === undefined ? {} : { filter: toFilter(query.filter, 'filter') },
        limit: query.limit ?? SEARCH_PAGE_LIMITS.limitDefault,
        after: query.after,
      })
      return { status: 200, ...answer }
    },
  })
}
