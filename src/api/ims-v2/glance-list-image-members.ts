import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import { toMemberView, visibleMembers } from './image-shares.ts'
import type { Images } from './images.ts'
import { imageParams, memberObject, ownerQuery } from './schemas.ts'

/** Lists the member projects of an image. A member project sees only itself (contract 2.10). */
export function glanceListImageMembers(images: Images): Route {
  return defineRoute({
    id: 'GlanceListImageMembers',
    method: 'GET',
    path: '/v2/images/{image_id}/members',
    summary: 'List the projects that an image is shared with',
    access: 'scoped',
    action: 'ims:images:get',
    params: imageParams,
    query: ownerQuery,
    responses: { 200: Type.Object({ members: Type.Array(memberObject), schema: Type.String() }) },
    handle: async ({ params, query, projectId }) => {
      const { revision, members } = await visibleMembers(images, projectId, params.image_id, query.owner)
      const body = { members: members.map(toMemberView), schema: '/v2/schemas/members' }
      return { status: 200, body, revision }
    },
  })
}
