import { defineRoute, type Route } from '../route.ts'
import type { ServiceType } from './service-type.ts'

/** Removes a tag by its key, which may be anything (contract D29, D30). A key that is not there is an error (D11). */
export function removeTag(type: ServiceType): Route {
  return defineRoute({
    ...type.route('RemoveTag', type.ofResource('tags/{key}'), 'update'),
    method: 'DELETE',
    summary: 'Remove a tag of a resource by its key',
    responses: { [type.row.writeStatus]: null },
    handle: (call) => {
      const tags = [{ key: call.params.key as string }]
      return type.change(call, { kind: 'remove-tags', tags, mustExist: true })
    },
  })
}
