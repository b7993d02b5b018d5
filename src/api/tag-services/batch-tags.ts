import { defineRoute, type Route } from '../route.ts'
import { batchBody, toBatchChange } from '../tag-body.ts'
import type { ServiceType } from './service-type.ts'

/** Adds or removes tags of a resource, all or nothing (contract D8, D21, D29; 12.3). */
export function batchTags(type: ServiceType): Route {
  return defineRoute({
    ...type.route('BatchTags', type.ofResource('tags/action'), 'update'),
    method: 'POST',
    summary: 'Add or remove tags of a resource',
    body: type.schema('batch', () => batchBody(type.rules)),
    responses: { [type.row.writeStatus]: null },
    handle: (call) => type.change(call, toBatchChange(call.body, type.rulesOf(call.params))),
  })
}
