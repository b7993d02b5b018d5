import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import { countResources, findResources, foundOrCountAnswer } from './find-resources.ts'
import { queryLimitsOf } from './limits.ts'
import { pageMembers, pageOf, preparerOf, queryOf, selectingMembers } from './query-body.ts'
import type { TagServiceQuery } from './row.ts'
import type { ServiceType } from './service-type.ts'

/** Finds or counts resources by tags, name or id (contract 12.3): oldest first, with the exact total of all matches. */
export function findByAction(
  type: ServiceType,
  query: TagServiceQuery,
  segment: TagServiceQuery['segments'][number],
): Route {
  const name = segment === query.segments[0] ? 'FindByTags' : 'FindByTagsToo'
  return defineRoute({
    ...type.route(name, `${type.row.queryBase ?? type.path}/${segment}/action`, 'list'),
    asOf: 'any',
    method: 'POST',
    summary: 'Find or count resources by tag',
    body: type.schema('action', () =>
      Type.Object({
        action: oneOf(['filter', 'count'], { 'x-error': 'action-unknown' }),
        ...selectingMembers(query, queryLimitsOf(type.rules)),
        ...pageMembers(query),
      }),
    ),
    prepareBody: preparerOf(query),
    responses: { 200: foundOrCountAnswer },
    handle: async (call) => {
      const { body, params } = call
      const selection = queryOf(body, query)
      const page = body.action === 'count' ? undefined : pageOf(body, query)
      const projects = await type.reach(call, 'list')
      const found = type.typeOf(params)
      if (page === undefined) return countResources(type.catalog, projects, found, selection)
      return findResources(type.catalog, projects, found, selection, page)
    },
  })
}
