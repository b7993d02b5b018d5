import type { ImageMember, MemberStatus } from '../../core/image-member.ts'
import type { IndexedResource } from '../../core/resource.ts'

/** An image visible to a project: its own, or a shared one. */
export type VisibleImage = {
  readonly resource: IndexedResource
  readonly owner: string
  /** The membership of the project; undefined for its own image. */
  readonly membership: ImageMember | undefined
}

/** Every status of a membership, in the order of its life cycle. */
export const MEMBER_STATUSES: readonly MemberStatus[] = ['pending', 'accepted', 'rejected']
