import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { ResourceTypes } from '../../core/resource-types.ts'
import { defineRoute, type Route } from '../route.ts'
import { SEARCH_PAGE_LIMITS } from './limits.ts'
import { preparedSearch, search, searchAnswer, searchBody, toSearchedQuery } from './search-parts.ts'
import { toSearchedTypes } from './searched-types.ts'

/** Searches the resources of all types in a project, with facets, all at one revision (contract 10.21). */
export function searchResources(catalog: Catalog, known: ResourceTypes): Route {
  return defineRoute({
    id: 'SearchResources',
    method: 'POST',
    path: '/tagwerk/v1/{project_id}/resources/search',
    summary: 'Search resources of all types by expression, with counts of values and keys',
    access: 'project',
    action: 'tagwerk:resources:list',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String() }),
    body: searchBody,
    prepareBody: preparedSearch,
    responses: { 200: searchAnswer },
    handle: async ({ params: { project_id: project }, body }) => {
      const types = await toSearchedTypes(body.types, known, catalog, [project], 'types')
      const answer = await search(catalog, {
        project,
        types,
        query: toSearchedQuery(body),
        limit: body.limit ?? SEARCH_PAGE_LIMITS.limitDefault,
        after: body.after,
        facets: body.facets,
        explain: body.explain,
      })
      return { status: 200, ...answer }
    },
  })
}
