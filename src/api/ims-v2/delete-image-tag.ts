import { Type } from 'typebox'
import { authorOf, defineRoute, type Route } from '../route.ts'
import type { Images } from './images.ts'

/** Removes a tag by its key, which may be anything (contract D29, D30). A key that is not there is an error (D11). */
export function deleteImageTag(images: Images): Route {
  return defineRoute({
    id: 'DeleteImageTag',
    method: 'DELETE',
    path: '/v2/{project_id}/images/{image_id}/tags/{key}',
    summary: 'Remove a tag of an image by its key',
    access: 'project',
    action: 'ims:images:update',
    params: Type.Object({ project_id: Type.String(), image_id: Type.String(), key: Type.String() }),
    responses: { 204: null },
    handle: async (call) => {
      const { image_id, key } = call.params
      const change = { kind: 'remove-tags', tags: [{ key }], mustExist: true } as const
      const { revision } = await images.own.change(call.projectId, image_id, change, authorOf(call))
      return { status: 204, revision }
    },
  })
}
