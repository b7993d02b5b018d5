import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import { removedTag, toRemovals } from '../tag-body.ts'
import type { ServiceType } from './service-type.ts'

/** Removes tags of a resource of IAM v5; the body is the array of their keys (contract 12.5). */
export function deleteTagsOfKeys(type: ServiceType): Route {
  return defineRoute({
    ...type.route('DeleteTags', type.ofResource('tags/delete'), 'update'),
    method: 'DELETE',
    summary: 'Remove tags of a resource by their keys',
    body: Type.Array(removedTag.properties.key, { minItems: 1 }),
    responses: { [type.row.writeStatus]: null },
    handle: (call) => {
      const tags = toRemovals(
        call.body.map((key) => ({ key })),
        'body',
      )
      return type.change(call, { kind: 'remove-tags', tags })
    },
  })
}
