import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import { addedPrefixedTag, toAddedPrefixedTags } from './prefixed-tag.ts'
import type { ServiceType } from './service-type.ts'

/** Adds tags to a device of IoTDA, all or nothing; the body names it (contract 12.5). */
export function bindTags(type: ServiceType): Route {
  return defineRoute({
    ...type.route('BindTags', `${type.path}/bind-resource`, 'update'),
    method: 'POST',
    summary: 'Add tags to a device',
    body: type.schema('bind', () =>
      Type.Object({
        resource_type: oneOf(['device']),
        resource_id: Type.String(),
        tags: Type.Array(addedPrefixedTag(type.rules), { minItems: 1 }),
      }),
    ),
    responses: { [type.row.writeStatus]: null },
    handle: (call) => {
      const tags = toAddedPrefixedTags(call.body.tags, type.rules, 'tags')
      return type.change(call, { kind: 'set-tags', tags }, call.body.resource_id)
    },
  })
}
