import { defineRoute, type Route } from '../route.ts'
import { toImage } from './image-view.ts'
import type { Images } from './images.ts'
import { imageObject, imageParams, ownerQuery } from './schemas.ts'
import { MEMBER_STATUSES } from './visible-image.ts'

/** Shows one image, also a shared one that the project has not accepted yet. */
export function glanceShowImage(images: Images): Route {
  return defineRoute({
    id: 'GlanceShowImage',
    method: 'GET',
    path: '/v2/images/{image_id}',
    summary: 'Show an image',
    access: 'scoped',
    action: 'ims:images:get',
    asOf: 'any',
    params: imageParams,
    query: ownerQuery,
    responses: { 200: imageObject },
    handle: async ({ projectId, params, query }) => {
      const image = await images.get(projectId, params.image_id, MEMBER_STATUSES, query.owner)
      return { status: 200, body: toImage(image), revision: image.revision }
    },
  })
}
