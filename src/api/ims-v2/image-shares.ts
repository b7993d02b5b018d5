import { Type } from 'typebox'
import { DomainError, type Rule } from '../../core/errors.ts'
import type { ImageMember, SharedImage } from '../../core/image-member.ts'
import type { IndexedResource } from '../../core/resource.ts'
import type { ImsErrorCode } from './error-codes.ts'
import { timeText } from './image-view.ts'
import type { Images } from './images.ts'
import { MEMBER_STATUSES } from './visible-image.ts'

/** Path parameters of calls on one member of an image. */
export const memberParams = Type.Object({ image_id: Type.String(), member_id: Type.String() })

/** The response form of a member of an image. */
export function toMemberView({ imageId, memberProject, status, createdAtMs, updatedAtMs }: ImageMember) {
  return {
    status,
    created_at: timeText(createdAtMs),
    updated_at: timeText(updatedAtMs),
    image_id: imageId,
    member_id: memberProject,
    schema: '/v2/schemas/member',
  }
}

/** The identity under which an image is shared. */
export function shareOf(ownerProject: string, { id, sequence }: IndexedResource): SharedImage {
  return { ownerProject, imageId: id, sequence }
}

/**
 * Gives the members of an image that a project may see: all members of its own image, only its own membership of a
 * shared one (contract 2.10). Throws the errors of `Images.get`.
 */
export async function visibleMembers(
  images: Images,
  project: string,
  imageId: string,
  owner?: string,
): Promise<{ readonly revision: number; readonly members: readonly ImageMember[] }> {
  const { revision, resource, membership } = await images.get(project, imageId, MEMBER_STATUSES, owner)
  if (membership !== undefined) return { revision, members: [membership] }
  return { revision, members: await images.members.listImageMembers(shareOf(project, resource)) }
}

/** Gives one member. Throws the same, and `image-member-not-found`. */
export async function visibleMember(
  images: Images,
  project: string,
  imageId: string,
  memberId: string,
  owner?: string,
): Promise<{ readonly revision: number; readonly member: ImageMember }> {
  const { revision, members } = await visibleMembers(images, project, imageId, owner)
  const member = members.find(({ memberProject }) => memberProject === memberId)
  if (member === undefined) throw memberNotFound(memberId, revision)
  return { revision, member }
}

/** The error for a project that is no member of the image. */
export function memberNotFound(memberId: string, revision: number): DomainError<ImsErrorCode> {
  const facts = { field: 'member_id', rule: { name: 'exists' }, value: memberId, revision } as const
  return new DomainError<ImsErrorCode>('image-member-not-found', facts)
}

/** The error for a limit of image sharing that is reached (contract 2.7, 2.10). */
export function memberQuotaExceeded(
  revision: number,
  field: string,
  rule: Rule,
  value?: string,
): DomainError<ImsErrorCode> {
  const facts = { field, rule, revision, ...(value !== undefined && { value }) }
  return new DomainError<ImsErrorCode>('image-member-quota-exceeded', facts)
}
