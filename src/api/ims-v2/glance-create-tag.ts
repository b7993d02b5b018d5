import { Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import { type Tag, type TagRules, toTag } from '../../core/tag.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import type { Images } from './images.ts'
import { splitTagText } from './tag-text.ts'

/**
 * Adds a key with an empty value to an image (contract 2.2: only the other calls set a value). An existing key gets
 * the empty value. The profile `lenient` also takes `key=value`.
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
      const change = { kind: 'set-tags', tags: [toTagOfPath(call.params.tag, rules)] } as const
      const { revision } = await images.own.change(call.projectId, call.params.image_id, change, authorOf(call))
      return { status: 204, revision }
    },
  })
}

/** Parses the tag in the path. The rules decide whether it may be a pair. Throws `tag-invalid`. */
function toTagOfPath(text: string, rules: TagRules): Tag {
  if (!text.includes('=')) return toTag(text, '', rules, 'tag')
  if (rules.keyMayHoldPair) {
    const { key, value } = splitTagText(text)
    return toTag(key, value, rules, 'tag')
  }
  const what = 'a key; PATCH /v2/images/{image_id} and POST /v2/{project_id}/images/{image_id}/tags also set a value'
  throw invalid('tag.key', { name: 'well-formed', what }, text, 'tag-invalid')
}
