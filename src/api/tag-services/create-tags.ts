import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import { addedTag, toAddedTags } from '../tag-body.ts'
import type { ServiceType } from './service-type.ts'

/** Adds tags to a resource, all or nothing; a key that it has gets the new value (contract D8, 12.3). */
export function createTags(type: ServiceType, end: 'tags' | 'tags/create' | 'tags/batch-create'): Route {
  return defineRoute({
    ...type.route('CreateTags', type.ofResource(end), 'update'),
    method: 'POST',
    summary: 'Add tags to a resource',
    body: type.schema('create', () => Type.Object({ tags: Type.Array(addedTag(type.rules), { minItems: 1 }) })),
    responses: { [type.row.writeStatus]: null },
    handle: (call) => {
      const tags = toAddedTags(call.body.tags, type.rulesOf(call.params), 'tags')
      return type.change(call, { kind: 'set-tags', tags })
    },
  })
}
