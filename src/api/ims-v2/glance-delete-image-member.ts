import { defineRoute, type Route } from '../route.ts'
import { memberNotFound, memberParams, shareOf } from './image-shares.ts'
import type { Images } from './images.ts'
import { ownerQuery } from './schemas.ts'
import { MEMBER_STATUSES } from './visible-image.ts'

/** Stops sharing: the owner removes a member project, or a member project removes itself (contract 2.10, D27). */
export function glanceDeleteImageMember(images: Images): Route {
  return defineRoute({
    id: 'GlanceDeleteImageMember',
    method: 'DELETE',
    path: '/v2/images/{image_id}/members/{member_id}',
    summary: 'Stop sharing an image with a project',
    access: 'scoped',
    action: 'ims:images:share',
    params: memberParams,
    query: ownerQuery,
    responses: { 204: null },
    handle: async ({ params, query, projectId }) => {
      const { image_id, member_id } = params
      // COMPAT: Glance allows this to the owner only. Here a member project can also remove itself.
      const isMember = member_id === projectId
      const membership = isMember
        ? await images.shared.membership(projectId, image_id, MEMBER_STATUSES, query.owner)
        : undefined
      const { revision, share } =
        membership === undefined
          ? await ownShare(images, projectId, image_id)
          : { revision: await images.catalog.revision(projectId), share: membership }
      const verdict = await images.members.removeImageMember(share, member_id)
      if (verdict === 'absent') throw memberNotFound(member_id, revision)
      return { status: 204, revision }
    },
  })
}

async function ownShare(images: Images, project: string, imageId: string) {
  const { revision, resource } = await images.own.get(project, imageId)
  return { revision, share: shareOf(project, resource) }
}
