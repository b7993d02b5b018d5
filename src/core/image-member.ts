/** What a project that an image is shared with makes of it. */
export type MemberStatus = 'pending' | 'accepted' | 'rejected'

/**
 * One image of one project. With its sequence, so that a decision about it does not meet an image that was made under its
 * id meanwhile.
 */
export type SharedImage = {
  readonly ownerProject: string
  readonly imageId: string
  /** The image's place in its project's order of creation, see `Resource`. */
  readonly sequence: number
}

/** A project that an image is shared with. */
export type ImageMember = SharedImage & {
  readonly memberProject: string
  readonly status: MemberStatus
  /** Milliseconds since 1970 UTC. */
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/**
 * What became of a change: done; or left undone, because it is there already, is not there, or there is no room.
 * `pending-full`: too much waits for the member's decision already.
 */
export type ImageMemberVerdict = 'done' | 'taken' | 'absent' | 'full' | 'pending-full'

/** How much may be shared. */
export type ShareLimits = {
  /** Members of one image. */
  readonly membersPerImageMax: number
  /** Images that wait for one project's decision, whoever shares them. */
  readonly pendingPerMemberMax: number
  /** Images of one project that wait for one other project's decision. */
  readonly pendingPerOwnerAndMemberMax: number
}
