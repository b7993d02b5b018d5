import { Type } from 'typebox'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { removedTag, toRemovals } from '../tag-body.ts'
import type { Images } from './images.ts'
import { projectImageParams } from './schemas.ts'

/** Removes tags of an image atomically. Removing an absent tag succeeds (contract D18, D21, D29). */
export function batchDeleteTags(images: Images): Route {
  return defineRoute({
    id: 'BatchDeleteTags',
    method: 'DELETE',
    path: '/v1/{project_id}/cloudimages/{image_id}/tags/delete',
    summary: 'Remove tags of an image',
    access: 'project',
    action: 'ims:images:update',
    params: projectImageParams,
    body: Type.Object({ tags: Type.Array(removedTag, { minItems: 1 }) }),
    responses: { 204: null },
    handle: async (call) => {
      const change = { kind: 'remove-tags', tags: toRemovals(call.body.tags, 'tags') } as const
      const { revision } = await images.own.change(call.projectId, call.params.image_id, change, authorOf(call))
      return { status: 204, revision }
    },
  })
}
