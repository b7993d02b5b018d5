import { DomainError } from '../../core/errors.ts'
import { defineRoute, type Route } from '../route.ts'
import { memberParams, shareOf } from './image-shares.ts'
import type { Images } from './images.ts'

/** Takes an image of the project back from one that it is shared with (contract D27). */
export function glanceDeleteImageMember(images: Images): Route {
  return defineRoute({
    id: 'GlanceDeleteImageMember',
    method: 'DELETE',
    path: '/v2/images/{image_id}/members/{member_id}',
    summary: 'Stop sharing an image with a project',
    access: 'scoped',
    action: 'ims:images:share',
    params: memberParams,
    responses: { 204: null },
    handle: async ({ params, projectId }) => {
      const { revision, resource } = await images.getOwn(projectId, params.image_id)
      const verdict = await images.members.removeImageMember(shareOf(projectId, resource), params.member_id)
      if (verdict === 'absent') throw new DomainError('image-member-not-found', { revision })
      return { status: 204, revision }
    },
  })
}
