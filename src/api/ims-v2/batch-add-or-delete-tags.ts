import type { TagRules } from '../../core/tag.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { batchBody, toBatchChange } from '../tag-body.ts'
import type { Images } from './images.ts'
import { projectImageParams } from './schemas.ts'

/** Adds or removes tags of an image, all or nothing (contract 2.2, D8, D21, D29). */
export function batchAddOrDeleteTags(images: Images, rules: TagRules): Route {
  return defineRoute({
    id: 'BatchAddOrDeleteTags',
    method: 'POST',
    path: '/v2/{project_id}/images/{image_id}/tags/action',
    summary: 'Add or remove tags of an image',
    access: 'project',
    action: 'ims:images:update',
    params: projectImageParams,
    body: batchBody(rules),
    responses: { 204: null },
    handle: async (call) => {
      const { projectId, params, body } = call
      const change = toBatchChange(body, rules)
      const { revision } = await images.own.change(projectId, params.image_id, change, authorOf(call))
      return { status: 204, revision }
    },
  })
}
