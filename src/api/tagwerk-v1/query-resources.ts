import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { ResourceTypes } from '../../core/resource-types.ts'
import { asOfMember } from '../as-of.ts'
import { joinInSlices, jsonArray } from '../long-json.ts'
import { defineRoute, type Route } from '../route.ts'
import { prepareTagQuery } from '../tag-query-body.ts'
import { conditionMembers, toConditions } from './conditions.ts'
import { resourceJson, resourceMembers, sumOf } from './found-resource.ts'
import { QUERY_PAGE_LIMITS } from './limits.ts'
import { searchedTypes, toSearchedTypes } from './searched-types.ts'

const { limitDefault, limitMax } = QUERY_PAGE_LIMITS

/** The body of a query. */
export const queryBody = Type.Object({
  resource_types: searchedTypes,
  ...conditionMembers,
  as_of: asOfMember,
  limit: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: limitMax,
      default: limitDefault,
      description: '0 only counts.',
      'x-error': 'limit-invalid',
    }),
  ),
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0, 'x-error': 'offset-invalid' })),
})

/**
 * Finds resources of all types in a project by tags, name or id (contract 10.7): type by type, each oldest first, with the
 * exact total and the number of each type, all at one revision.
 */
export function queryResources(catalog: Catalog, known: ResourceTypes): Route {
  return defineRoute({
    id: 'QueryResources',
    method: 'POST',
    path: '/tagwerk/v1/{project_id}/resources/query',
    summary: 'Find or count resources of all types by tag, name or id',
    access: 'project',
    action: 'tagwerk:resources:list',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String() }),
    body: queryBody,
    prepareBody: prepareTagQuery,
    responses: {
      200: Type.Object({
        total_count: Type.Integer({ description: 'Number of all matches, on all pages.' }),
        counts: Type.Record(Type.String(), Type.Integer(), { description: 'The same by resource type.' }),
        resources: Type.Array(Type.Object(resourceMembers)),
      }),
    },
    handle: async ({ params, body }) => {
      const page = { offset: body.offset ?? 0, limit: body.limit ?? limitDefault }
      const types = await toSearchedTypes(body.resource_types, known, catalog, [params.project_id])
      const { revision, totals, resources } = await catalog.findAll(params.project_id, types, toConditions(body), page)
      const counts = JSON.stringify(Object.fromEntries(totals))
      const head = `{"total_count":${sumOf(totals)},"counts":${counts},"resources":`
      const json = jsonArray(head, resources, ({ type, resource }) => resourceJson(type, resource), '}')
      return { status: 200, ...(await joinInSlices(json, params.project_id)), revision }
    },
  })
}
