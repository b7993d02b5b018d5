import type { ImageMember, ImageMemberVerdict, MemberStatus, SharedImage, ShareLimits } from '../core/image-member.ts'

// A test in `test/conformance` checks each sentence of the interface below on every engine.

/**
 * The projects that images are shared with, their members. A project is only an id here; an image is a resource of the
 * type `images`, and its members are deleted in the commit that deletes it.
 */
export interface ImageMemberStore {
  /**
   * Adds a member to an image; `absent` when there is no such image, `taken` when the image has the member already,
   * `full` when the image has reached its limit of members, and `pending-full` when the member has reached its limit of
   * pending images, per owner or in total.
   * Of two concurrent calls for one image and member exactly one is done.
   */
  addImageMember(member: ImageMember, limits: ShareLimits): Promise<ImageMemberVerdict>

  /**
   * Changes the status of a member and the time of its last change; `absent` when the image has no such member, `full`
   * when the member has `ofStatusMax` images of that status already, and `taken` when the status is `accepted` and the
   * member has accepted an image of the same id of another owner.
   * Setting the current status again is never refused.
   */
  updateImageMember(
    image: SharedImage,
    memberProject: string,
    status: MemberStatus,
    atMs: number,
    ofStatusMax: number,
  ): Promise<ImageMemberVerdict>

  /** Removes a member; `absent` when the image has no such member. */
  removeImageMember(image: SharedImage, memberProject: string): Promise<ImageMemberVerdict>

  /**
   * Returns the members of an image in order of addition; members added at the same time in order of their ids by code
   * point.
   */
  listImageMembers(image: SharedImage): Promise<readonly ImageMember[]>

  /**
   * Returns the images shared with a project whose status is one of `statuses`, in the same order, then by owner and
   * image.
   */
  listSharedImages(memberProject: string, statuses: readonly MemberStatus[]): Promise<readonly ImageMember[]>

  /** Returns the images of one id that are shared with a project, in the same order. */
  findSharedImages(memberProject: string, imageId: string): Promise<readonly ImageMember[]>
}
