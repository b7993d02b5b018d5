import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import { removedTag, toRemovals } from '../tag-body.ts'
import type { ServiceType } from './service-type.ts'

const body = Type.Object({
  resource_id: Type.String(),
  tags: Type.Array(removedTag.properties.key, { minItems: 1, description: 'Keys.' }),
})

/** Removes tags of a resource of CDN by their keys; the body has its id (contract 12.5). */
export function deleteTagsById(type: ServiceType): Route {
  return defineRoute({
    ...type.route('DeleteTags', `${type.path}/tags/batch-delete`, 'update'),
    method: 'POST',
    summary: 'Remove tags of a resource by their keys',
    body,
    responses: { [type.row.writeStatus]: null },
    handle: (call) => {
      const tags = toRemovals(
        call.body.tags.map((key) => ({ key })),
        'tags',
      )
      return type.change(call, { kind: 'remove-tags', tags }, call.body.resource_id)
    },
  })
}
