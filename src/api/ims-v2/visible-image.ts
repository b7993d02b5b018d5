import type { ImageMember, MemberStatus } from '../../core/image-member.ts'
import type { IndexedResource } from '../../core/resource.ts'

/** An image as one project sees it: its own, or one that its owner shares with it. */
export type VisibleImage = {
  readonly resource: IndexedResource
  readonly owner: string
  /** What the project is to the image; undefined for its own. */
  readonly membership: ImageMember | undefined
}

/** Every status, in the order of a member's life. */
export const MEMBER_STATUSES: readonly MemberStatus[] = ['pending', 'accepted', 'rejected']
