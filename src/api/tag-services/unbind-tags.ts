import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import { removedTag, toRemovals } from '../tag-body.ts'
import { oneOf } from '../tag-query-body.ts'
import type { ServiceType } from './service-type.ts'

const body = Type.Object({
  resource_type: oneOf(['device']),
  resource_id: Type.String(),
  tag_keys: Type.Array(removedTag.properties.key, { minItems: 1 }),
})

/** Removes tags of a device of IoTDA by their keys; the body names it (contract 12.5). */
export function unbindTags(type: ServiceType): Route {
  return defineRoute({
    ...type.route('UnbindTags', `${type.path}/unbind-resource`, 'update'),
    method: 'POST',
    summary: 'Remove tags of a device by their keys',
    body,
    responses: { [type.row.writeStatus]: null },
    handle: (call) => {
      const tags = toRemovals(
        call.body.tag_keys.map((key) => ({ key })),
        'tag_keys',
      )
      return type.change(call, { kind: 'remove-tags', tags }, call.body.resource_id)
    },
  })
}
