import { Type } from 'typebox'
import { type TagRules, toTag } from '../../core/tag.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { addedTag } from '../tag-body.ts'
import type { Images } from './images.ts'
import { projectImageParams } from './schemas.ts'

/** Adds a tag to an image, or gives a tag it has another value (S4). */
export function addImageTag(images: Images, rules: TagRules): Route {
  return defineRoute({
    id: 'AddImageTag',
    method: 'POST',
    path: '/v2/{project_id}/images/{image_id}/tags',
    summary: 'Add a tag to an image or replace its value',
    access: 'project',
    action: 'ims:images:update',
    params: projectImageParams,
    body: Type.Object({
      tag: addedTag(rules),
    }),
    responses: { 204: null },
    handle: async (call) => {
      const { key, value } = call.body.tag
      const tag = toTag(key, value, rules, 'tag')
      const change = { kind: 'set-tags', tags: [tag] } as const
      const { revision } = await images.own.change(call.projectId, call.params.image_id, change, authorOf(call))
      return { status: 204, revision }
    },
  })
}
