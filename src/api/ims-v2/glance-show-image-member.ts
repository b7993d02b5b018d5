import { defineRoute, type Route } from '../route.ts'
import { memberParams, toMemberView, visibleMember } from './image-shares.ts'
import type { Images } from './images.ts'
import { memberObject, ownerQuery } from './schemas.ts'

/** Shows one member project of an image. A member project sees only itself (contract 2.10). */
export function glanceShowImageMember(images: Images): Route {
  return defineRoute({
    id: 'GlanceShowImageMember',
    method: 'GET',
    path: '/v2/images/{image_id}/members/{member_id}',
    summary: 'Show a project that an image is shared with',
    access: 'scoped',
    action: 'ims:images:get',
    params: memberParams,
    query: ownerQuery,
    responses: { 200: memberObject },
    handle: async ({ params, query, projectId }) => {
      const { image_id, member_id } = params
      const { revision, member } = await visibleMember(images, projectId, image_id, member_id, query.owner)
      return { status: 200, body: toMemberView(member), revision }
    },
  })
}
