import { Type } from 'typebox'
import { authorOf, defineRoute, type Route } from '../route.ts'
import type { Images } from './images.ts'
import { splitTagText } from './tag-text.ts'

/** Removes a tag by the text that shows it: `key=value`, or `key` for an empty value (contract D13). */
export function glanceDeleteTag(images: Images): Route {
  return defineRoute({
    id: 'GlanceDeleteTag',
    method: 'DELETE',
    path: '/v2/images/{image_id}/tags/{tag}',
    summary: 'Remove a tag of an image',
    access: 'scoped',
    action: 'ims:images:update',
    params: Type.Object({ image_id: Type.String(), tag: Type.String() }),
    responses: { 204: null },
    handle: async (call) => {
      const { image_id, tag } = call.params
      const change = { kind: 'remove-tags', tags: [splitTagText(tag)], mustExist: true } as const
      const { revision } = await images.own.change(call.projectId, image_id, change, authorOf(call))
      return { status: 204, revision }
    },
  })
}
