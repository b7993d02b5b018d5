import { Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import { type Tag, type TagRules, toTag } from '../../core/tag.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { addedTag, type TagBody } from '../tag-body.ts'
import type { Images } from './images.ts'
import { dottedTextToTag } from './tag-text.ts'

/** Adds a tag to an image, or overwrites it, in either of two forms (contract 2.1 I7, 2.2). */
export function createOrUpdateTags(images: Images, rules: TagRules): Route {
  return defineRoute({
    id: 'CreateOrUpdateTags',
    method: 'PUT',
    path: '/v1/cloudimages/tags',
    summary: 'Add a tag to an image or replace its value',
    access: 'scoped',
    action: 'ims:images:update',
    body: Type.Object({
      image_id: Type.String(),
      tag: Type.Optional(
        Type.String({ description: '`key.value`, or `key` for an empty value. Cannot be combined with image_tag.' }),
      ),
      image_tag: Type.Optional(addedTag(rules)),
    }),
    responses: { 204: null },
    handle: async (call) => {
      const change = { kind: 'set-tags', tags: [toOneTag(call.body, rules)] } as const
      const { revision } = await images.own.change(call.projectId, call.body.image_id, change, authorOf(call))
      return { status: 204, revision }
    },
  })
}

function toOneTag({ tag, image_tag }: { readonly tag?: string; readonly image_tag?: TagBody }, rules: TagRules): Tag {
  if (tag !== undefined && image_tag !== undefined) {
    throw invalid('image_tag', { name: 'well-formed', what: 'left out when there is a tag' })
  }
  if (tag !== undefined) return dottedTextToTag(tag, rules, 'tag')
  if (image_tag === undefined) throw invalid('tag', { name: 'required' })
  return toTag(image_tag.key, image_tag.value, rules, 'image_tag')
}
