import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import { countAnswer, countResources } from './find-resources.ts'
import { queryLimitsOf } from './limits.ts'
import { preparerOf, queryOf, selectingMembers } from './query-body.ts'
import type { TagServiceQuery } from './row.ts'
import type { ServiceType } from './service-type.ts'

/** Counts resources by tags, name or id (contract 12.3). */
export function countByTags(type: ServiceType, query: TagServiceQuery): Route {
  return defineRoute({
    ...type.route('CountByTags', `${type.row.queryBase ?? type.path}/${query.segments[0]}/count`, 'list'),
    asOf: 'any',
    method: 'POST',
    summary: 'Count resources by tag',
    body: type.schema('count', () => Type.Object(selectingMembers(query, queryLimitsOf(type.rules)))),
    bodyIsOptional: true,
    prepareBody: preparerOf(query),
    responses: { 200: countAnswer },
    handle: async (call) => {
      const selection = queryOf(call.body, query)
      const projects = await type.reach(call, 'list')
      return countResources(type.catalog, projects, type.typeOf(call.params), selection)
    },
  })
}
