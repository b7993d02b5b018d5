import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import { addedPrefixedTag, prefixedTag, toAddedPrefixedTags, toPrefixed } from './prefixed-tag.ts'
import type { ServiceType } from './service-type.ts'

/** Adds tags to a resource of IAM v5, all or nothing, and gives the tags that it has then (contract 12.5). */
export function createPrefixedTags(type: ServiceType): Route {
  return defineRoute({
    ...type.route('CreateTags', type.ofResource('tags/create'), 'update'),
    method: 'POST',
    summary: 'Add tags to a resource',
    body: type.schema('create prefixed', () =>
      Type.Object({ tags: Type.Array(addedPrefixedTag(type.rules), { minItems: 1 }) }),
    ),
    responses: { 200: Type.Object({ tags: Type.Array(prefixedTag) }) },
    handle: async (call) => {
      const tags = toAddedPrefixedTags(call.body.tags, type.rules, 'tags')
      await type.change(call, { kind: 'set-tags', tags })
      const now = await type.tags(call, call.params.resource_id as string)
      return { status: 200, body: { tags: toPrefixed(now.tags) }, revision: now.revision }
    },
  })
}
