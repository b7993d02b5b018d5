import { Type } from 'typebox'
import type { Clock } from '../../core/clock.ts'
import { DomainError, resourceNotFound } from '../../core/errors.ts'
import type { ImageMember } from '../../core/image-member.ts'
import { defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import type { ImsErrorCode } from './error-codes.ts'
import { memberParams, memberQuotaExceeded, toMemberView, visibleMember } from './image-shares.ts'
import type { Images } from './images.ts'
import { SHARED_IMAGES_PER_STATUS_MAX } from './limits.ts'
import { memberObject, ownerQuery } from './schemas.ts'
import { MEMBER_STATUSES } from './visible-image.ts'

/**
 * Accepts or rejects an image that is shared with the project. Only the member project can, not the owner (contract
 * 2.10, D27).
 */
export function glanceUpdateImageMember(images: Images, clock: Clock): Route {
  return defineRoute({
    id: 'GlanceUpdateImageMember',
    method: 'PUT',
    path: '/v2/images/{image_id}/members/{member_id}',
    summary: 'Accept or reject a shared image',
    access: 'scoped',
    action: 'ims:images:share',
    params: memberParams,
    query: ownerQuery,
    body: Type.Object({ status: oneOf(MEMBER_STATUSES) }),
    responses: { 200: memberObject },
    handle: async ({ params, query, body, projectId }) => {
      const { image_id, member_id } = params
      const revision = await images.catalog.revision(projectId)
      if (member_id !== projectId) {
        await visibleMember(images, projectId, image_id, member_id, query.owner)
        throw new DomainError('action-forbidden', { revision, detail: 'Only the member accepts or rejects an image.' })
      }
      // Looks up the membership only: an image of the project with the same id is ignored.
      const membership = await images.shared.membership(projectId, image_id, MEMBER_STATUSES, query.owner)
      if (membership === undefined) throw resourceNotFound(image_id, revision)
      const changed: ImageMember = { ...membership, status: body.status, updatedAtMs: clock() }
      const verdict = await images.members.updateImageMember(
        changed,
        projectId,
        body.status,
        changed.updatedAtMs,
        SHARED_IMAGES_PER_STATUS_MAX,
      )
      if (verdict === 'absent') throw resourceNotFound(image_id, revision)
      if (verdict === 'taken') {
        const rule = { name: 'well-formed', what: 'that of the image of this id that is accepted already' } as const
        throw new DomainError<ImsErrorCode>('image-member-exists', {
          field: 'owner',
          rule,
          value: membership.ownerProject,
          revision,
        })
      }
      if (verdict === 'full') {
        const what = `that of fewer than ${SHARED_IMAGES_PER_STATUS_MAX} images that others share with the project`
        throw memberQuotaExceeded(revision, 'status', { name: 'well-formed', what }, body.status)
      }
      return { status: 200, body: toMemberView(changed), revision }
    },
  })
}
