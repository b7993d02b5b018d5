import { Type } from 'typebox'
import { toTag } from '../../core/tag.ts'
import { defineRoute, type Route } from '../route.ts'
import { addedTag } from '../tag-body.ts'
import type { ServiceType } from './service-type.ts'

/** Adds a tag to a resource, or gives a tag it has another value (contract 12.3). */
export function addTag(type: ServiceType): Route {
  return defineRoute({
    ...type.route('AddTag', type.ofResource('tags'), 'update'),
    method: 'POST',
    summary: 'Add a tag to a resource or replace its value',
    body: type.schema('add', () => Type.Object({ tag: addedTag(type.rules) })),
    responses: { [type.row.writeStatus]: null },
    handle: (call) => {
      const { key, value } = call.body.tag
      const tag = toTag(key, value, type.rulesOf(call.params), 'tag')
      return type.change(call, { kind: 'set-tags', tags: [tag] })
    },
  })
}
