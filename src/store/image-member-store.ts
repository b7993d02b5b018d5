import type { ImageMember, ImageMemberVerdict, MemberStatus, SharedImage, ShareLimits } from '../core/image-member.ts'

// Each sentence in a comment of the interface below is held by a test of `test/conformance`, on every engine.

/**
 * With which projects images are shared. Projects here are only ids, images are resources of the type `images`: when one
 * goes, its members go in the same commit.
 */
export interface ImageMemberStore {
  /**
   * Adds a member to an image; `absent` when there is no such image, `taken` when the image has the member, `full` when
   * it has as many as the limits allow, and `pending-full` when as much waits for the member's decision as they allow, of
   * the image's owner or altogether.
   * Of two concurrent calls for one image and member exactly one is done.
   */
  addImageMember(member: ImageMember, limits: ShareLimits): Promise<ImageMemberVerdict>

  /**
   * Changes the status of a member and the time of its last change; `absent` when the image has no such member, `full`
   * when as many images as given are of that status for the member already, and `taken` when the member has accepted
   * an image of the same id that another project owns, and is to accept this one too.
   * A status that the member has already is never refused.
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

  /** Gives the members of an image, those added first first, at one time in order of their ids by code point. */
  listImageMembers(image: SharedImage): Promise<readonly ImageMember[]>

  /** Gives what is shared with a project and of which it has made one of `statuses`, in the same order by owner and image. */
  listSharedImages(memberProject: string, statuses: readonly MemberStatus[]): Promise<readonly ImageMember[]>

  /** Gives the images of one id that are shared with a project, in the same order. */
  findSharedImages(memberProject: string, imageId: string): Promise<readonly ImageMember[]>
}
