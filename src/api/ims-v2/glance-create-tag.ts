import { Type } from 'typebox'
import { type TagRules, toTag } from '../../core/tag.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import type { Images } from './images.ts'

/**
 * Adds a key with an empty value to an image (contract 2.2: only the other calls set a value). An existing key gets
 * the empty value.
 */
export function glanceCreateTag(images: Images, rules: TagRules): Route {
  return defineRoute({
    id: 'GlanceCreateTag',
    method: 'PUT',
    path: '/v2/images/{image_id}/tags/{tag}',
    summary: 'Add a tag with an empty value to an image',
    access: 'scoped',
    action: 'ims:images:update',
    params: Type.Object({
      image_id: Type.String(),
      tag: Type.String({ description: `1 to ${rules.keyCharactersMax} characters: ${rules.keyAllowed}` }),
    }),
    responses: { 204: null },
    handle: async (call) => {
      const { key, value } = toTag(call.params.tag, '', rules, 'tag')
      const change = { kind: 'set-tags', tags: [{ key, value }] } as const
      const { revision } = await images.own.change(call.projectId, call.params.image_id, change, authorOf(call))
      return { status: 204, revision }
    },
  })
}
