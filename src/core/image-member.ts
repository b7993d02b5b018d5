/** The decision of a member project about an image shared with it. */
export type MemberStatus = 'pending' | 'accepted' | 'rejected'

/**
 * Identifies one image of one project. The sequence distinguishes it from a later image of the same id, so that a
 * decision cannot apply to an image that replaced the shared one.
 */
export type SharedImage = {
  readonly ownerProject: string
  readonly imageId: string
  /** The image's `Resource.sequence`. */
  readonly sequence: number
}

/** A member of an image: a project that the image is shared with. */
export type ImageMember = SharedImage & {
  readonly memberProject: string
  readonly status: MemberStatus
  /** Milliseconds since 1970 UTC. */
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/**
 * The outcome of a change of members. Only `done` changes something.
 * - `taken`: the member exists already, or it has accepted an image of the same id from another owner.
 * - `absent`: there is no such image or member.
 * - `full`: a quota of the image or the member is reached.
 * - `pending-full`: a quota of images pending the member's decision is reached.
 */
export type ImageMemberVerdict = 'done' | 'taken' | 'absent' | 'full' | 'pending-full'

/** Quotas for sharing. */
export type ShareLimits = {
  /** Maximum number of members of one image. */
  readonly membersPerImageMax: number
  /** Maximum number of images pending one project's decision, over all owners. */
  readonly pendingPerMemberMax: number
  /** Maximum number of images of one owner pending one project's decision. */
  readonly pendingPerOwnerAndMemberMax: number
}
