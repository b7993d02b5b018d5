import { Type } from 'typebox'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServiceType } from './service-type.ts'

const tag = Type.Object({ key: Type.String(), value: Type.String() })

/** Lists the tags of one resource of CDN, whose id is a parameter (contract 12.5). */
export function listTagsById(type: ServiceType): Route {
  return defineRoute({
    ...type.route('ListTags', `${type.path}/tags`, 'list'),
    asOf: 'any',
    method: 'GET',
    summary: 'List the tags of a resource',
    query: listQuery({ resource_id: Type.String() }),
    responses: { 200: Type.Object({ tags: Type.Array(tag) }) },
    handle: async (call) => {
      const { revision, tags } = await type.tags(call, call.query.resource_id)
      return { status: 200, body: { tags }, revision }
    },
  })
}
