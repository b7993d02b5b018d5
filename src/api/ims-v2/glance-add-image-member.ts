import { Type } from 'typebox'
import type { Clock } from '../../core/clock.ts'
import { DomainError, invalid, resourceNotFound } from '../../core/errors.ts'
import type { ImageMember } from '../../core/image-member.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ImsErrorCode } from './error-codes.ts'
import { memberQuotaExceeded, shareOf, toMemberView } from './image-shares.ts'
import type { Images } from './images.ts'
import { PROJECT_ID_CHARACTERS_MAX, SHARE_LIMITS } from './limits.ts'
import { imageParams, memberObject } from './schemas.ts'

/** The rule for a member project, for the error message. */
const MEMBER_BELOW_QUOTA =
  `a project that fewer than ${SHARE_LIMITS.pendingPerOwnerAndMemberMax} images of yours wait for, ` +
  `and fewer than ${SHARE_LIMITS.pendingPerMemberMax} of all`

/**
 * Shares an image of the project with another project, as pending (contract 2.10, D27). The existence of the other
 * project is not checked, because the answer would leak it.
 */
export function glanceAddImageMember(images: Images, clock: Clock): Route {
  return defineRoute({
    id: 'GlanceAddImageMember',
    method: 'POST',
    path: '/v2/images/{image_id}/members',
    summary: 'Share an image with a project',
    access: 'scoped',
    action: 'ims:images:share',
    params: imageParams,
    body: Type.Object({
      member: Type.String({
        minLength: 1,
        maxLength: PROJECT_ID_CHARACTERS_MAX,
        pattern: '^[0-9A-Za-z_-]+$',
        description: 'ID of the project that the image is shared with.',
      }),
    }),
    responses: { 200: memberObject },
    handle: async ({ params, body, projectId }) => {
      if (body.member === projectId) {
        throw invalid('member', { name: 'well-formed', what: 'the id of another project' }, body.member)
      }
      const { revision, resource } = await images.own.get(projectId, params.image_id)
      const now = clock()
      const member: ImageMember = {
        ...shareOf(projectId, resource),
        memberProject: body.member,
        status: 'pending',
        createdAtMs: now,
        updatedAtMs: now,
      }
      const verdict = await images.members.addImageMember(member, SHARE_LIMITS)
      if (verdict === 'absent') throw resourceNotFound(params.image_id, revision)
      if (verdict === 'taken') throw new DomainError<ImsErrorCode>('image-member-exists', { revision })
      if (verdict === 'full') {
        throw memberQuotaExceeded(revision, 'members', { name: 'items-max', limit: SHARE_LIMITS.membersPerImageMax })
      }
      if (verdict === 'pending-full') {
        throw memberQuotaExceeded(revision, 'member', { name: 'well-formed', what: MEMBER_BELOW_QUOTA }, body.member)
      }
      return { status: 200, body: toMemberView(member), revision }
    },
  })
}
