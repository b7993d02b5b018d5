/** What a project that an image is shared with makes of it. */
export type MemberStatus = 'pending' | 'accepted' | 'rejected'

/**
 * One image of one project. With its sequence, so that what is kept about it does not pass on to an image that is made
 * under its id later.
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
