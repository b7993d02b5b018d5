import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { ResourceTypes } from '../../core/resource-types.ts'
import { asOfMember } from '../as-of.ts'
import { defineRoute, type Route } from '../route.ts'
import { prepareTagQuery, tagQueryMembers, toTagQuery } from '../tag-query-body.ts'
import { filterMember, toFilter } from './conditions.ts'
import { QUERY_LIMITS, SEARCH_PAGE_LIMITS } from './limits.ts'
import { afterCursor, facetRequests, search, searchAnswer, searchLimit } from './search-parts.ts'
import { searchedTypes, toSearchedTypes } from './searched-types.ts'

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
    body: Type.Object({
      types: searchedTypes,
      filter: filterMember,
      query: Type.Optional(Type.Object(tagQueryMembers(QUERY_LIMITS))),
      limit: searchLimit,
      after: afterCursor,
      facets: Type.Optional(facetRequests),
      as_of: asOfMember,
      explain: Type.Optional(
        Type.Boolean({ default: false, description: 'Counts the matches of each part of the filter.' }),
      ),
    }),
    prepareBody: preparedQuery,
    responses: { 200: searchAnswer },
    handle: async ({ params: { project_id: project }, body }) => {
      const types = await toSearchedTypes(body.types, known, catalog, [project], 'types')
      const answer = await search(catalog, {
        project,
        types,
        query: {
          ...(body.query && toTagQuery(body.query)),
          ...(body.filter !== undefined && { filter: toFilter(body.filter, 'filter') }),
        },
        limit: body.limit ?? SEARCH_PAGE_LIMITS.limitDefault,
        after: body.after,
        facets: body.facets,
        explain: body.explain,
      })
      return { status: 200, ...answer }
    },
  })
}

/** Prepares the conditions of a search as those of a query. */
export function preparedQuery(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || !('query' in given)) return given
  return { ...given, query: prepareTagQuery(given.query) }
}
