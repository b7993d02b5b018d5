import { defineRoute, type Route } from '../route.ts'
import type { Images } from './images.ts'
import { imageParams, ownerQuery } from './schemas.ts'
import { MEMBER_STATUSES } from './visible-image.ts'

/**
 * Answers 204, because the service stores no image data. COMPAT: Glance answers 204 for an image without data,
 * whatever its status.
 */
export function glanceDownloadImage(images: Images): Route {
  return defineRoute({
    id: 'GlanceDownloadImage',
    method: 'GET',
    path: '/v2/images/{image_id}/file',
    summary: 'Download the data of an image; always empty, because no data is stored',
    access: 'scoped',
    action: 'ims:images:download',
    params: imageParams,
    query: ownerQuery,
    responses: { 204: null },
    handle: async ({ projectId, params, query }) => {
      const { revision } = await images.get(projectId, params.image_id, MEMBER_STATUSES, query.owner)
      return { status: 204, revision }
    },
  })
}
