import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import { removedTag, toRemovals } from '../tag-body.ts'
import type { ServiceType } from './service-type.ts'

const body = Type.Object({ tags: Type.Array(removedTag, { minItems: 1 }) })

/** Removes tags of a resource; one that it does not have counts as removed (contract D21, D29; 12.3). */
export function deleteTags(
  type: ServiceType,
  method: 'POST' | 'DELETE',
  end: 'tags/delete' | 'tags/batch-delete',
): Route {
  return defineRoute({
    ...type.route(method === 'POST' ? 'DeleteTagsByPost' : 'DeleteTags', type.ofResource(end), 'update'),
    method,
    summary: 'Remove tags of a resource',
    body,
    responses: { [type.row.writeStatus]: null },
    handle: (call) => type.change(call, { kind: 'remove-tags', tags: toRemovals(call.body.tags, 'tags') }),
  })
}
