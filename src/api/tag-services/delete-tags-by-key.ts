import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import { removedTag, toRemovals } from '../tag-body.ts'
import type { ServiceType } from './service-type.ts'

/** Removes tags of a resource by their keys; a key that it does not have counts as removed (contract D21, 12.3). */
export function deleteTagsByKey(type: ServiceType): Route {
  return defineRoute({
    ...type.route('DeleteTagsByKey', type.ofResource('tags'), 'update'),
    method: 'DELETE',
    summary: 'Remove tags of a resource by their keys',
    body: Type.Object({ keys: Type.Array(removedTag.properties.key, { minItems: 1 }) }),
    responses: { [type.row.writeStatus]: null },
    handle: (call) => {
      const tags = toRemovals(
        call.body.keys.map((key) => ({ key })),
        'keys',
      )
      return type.change(call, { kind: 'remove-tags', tags })
    },
  })
}
