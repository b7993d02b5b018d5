import { Type } from 'typebox'
import { noParameters } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { prefixedTag, toPrefixed } from './prefixed-tag.ts'
import type { ServiceType } from './service-type.ts'

/** Lists the tags of one resource of IAM v5 (contract 12.5). */
export function listPrefixedTags(type: ServiceType): Route {
  return defineRoute({
    ...type.route('ListTags', type.ofResource('tags'), 'list'),
    asOf: 'any',
    method: 'GET',
    summary: 'List the tags of a resource',
    query: noParameters,
    responses: { 200: Type.Object({ tags: Type.Array(prefixedTag) }) },
    handle: async (call) => {
      const { revision, tags } = await type.tags(call, call.params.resource_id as string)
      return { status: 200, body: { tags: toPrefixed(tags) }, revision }
    },
  })
}
