import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import { addedTag, toAddedTags } from '../tag-body.ts'
import type { ServiceType } from './service-type.ts'

/** Adds tags to a resource of CDN, all or nothing; the body has its id (contract 12.5). */
export function createTagsById(type: ServiceType): Route {
  return defineRoute({
    ...type.route('CreateTags', `${type.path}/tags`, 'update'),
    method: 'POST',
    summary: 'Add tags to a resource',
    body: type.schema('create by id', () =>
      Type.Object({ resource_id: Type.String(), tags: Type.Array(addedTag(type.rules), { minItems: 1 }) }),
    ),
    responses: { [type.row.writeStatus]: null },
    handle: (call) => {
      const tags = toAddedTags(call.body.tags, type.rules, 'tags')
      return type.change(call, { kind: 'set-tags', tags }, call.body.resource_id)
    },
  })
}
