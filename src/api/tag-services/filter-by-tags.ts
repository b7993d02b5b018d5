import { Type } from 'typebox'
import { listQuery, noParameters } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { findResources, foundAnswer } from './find-resources.ts'
import { queryLimitsOf } from './limits.ts'
import { pageMembers, pageOf, preparerOf, queryOf, selectingMembers } from './query-body.ts'
import type { TagServiceQuery } from './row.ts'
import type { ServiceType } from './service-type.ts'

/** Finds resources by tags, name or id (contract 12.3): oldest first, with the exact total of all matches. */
export function filterByTags(type: ServiceType, query: TagServiceQuery): Route {
  const inQuery = type.schema('page', () => pageQuery(query))
  return defineRoute({
    ...type.route('FilterByTags', `${type.row.queryBase ?? type.path}/${query.segments[0]}/filter`, 'list'),
    asOf: 'any',
    method: 'POST',
    summary: 'Find resources by tag',
    query: (query.limitIn === 'body' ? noParameters : inQuery) as typeof inQuery,
    body: type.schema('filter', () =>
      Type.Object({
        ...selectingMembers(query, queryLimitsOf(type.rules)),
        ...(query.limitIn === 'query' ? ({} as ReturnType<typeof pageMembers>) : pageMembers(query)),
      }),
    ),
    bodyIsOptional: true,
    prepareBody: preparerOf(query),
    responses: { 200: foundAnswer },
    handle: async (call) => {
      const { body, params } = call
      const selection = queryOf(body, query)
      const inBody = query.limitIn === 'query' ? {} : pick(body)
      const page = pageOf({ ...call.query, ...inBody }, query)
      const projects = await type.reach(call, 'list')
      return findResources(type.catalog, projects, type.typeOf(params), selection, page)
    },
  })
}

function pageQuery({ limitDefault, limitMax }: TagServiceQuery) {
  return listQuery({
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: limitMax,
        'x-error': 'limit-invalid',
        description: `Default ${limitDefault}.`,
      }),
    ),
    offset: Type.Optional(Type.Integer({ minimum: 0, 'x-error': 'offset-invalid' })),
  })
}

/** The page of a body, where it has one. */
function pick(body: { readonly limit?: unknown; readonly offset?: unknown } | undefined) {
  return {
    ...(body?.limit !== undefined && { limit: body.limit }),
    ...(body?.offset !== undefined && { offset: body.offset }),
  }
}
