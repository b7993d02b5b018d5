import type { ImageMember, MemberStatus, SharedImage } from '../core/image-member.ts'

// Each sentence in a comment of the interface below is held by a test of `test/conformance`, on every engine.

/** What became of a change: done; or left undone, because it is there already, is not there, or there is no room. */
export type ImageMemberVerdict = 'done' | 'taken' | 'absent' | 'full'

/** With which projects images are shared. Projects and images here are only ids. */
export interface ImageMemberStore {
  /**
   * Adds a member to an image; `taken` when the image has it, `full` when it has as many as given already.
   * Of two concurrent calls for one image and member exactly one is done.
   * It forgets the members of earlier images of the same project and id.
   */
  addImageMember(member: ImageMember, membersPerImageMax: number): Promise<ImageMemberVerdict>

  /** Changes the status of a member and the time of its last change; `absent` when the image has no such member. */
  updateImageMember(
    image: SharedImage,
    memberProject: string,
    status: MemberStatus,
    atMs: number,
  ): Promise<ImageMemberVerdict>

  /** Removes a member; `absent` when the image has no such member. */
  removeImageMember(image: SharedImage, memberProject: string): Promise<ImageMemberVerdict>

  /** Gives the members of an image, those added first first, at one time in order of their ids by code point. */
  listImageMembers(image: SharedImage): Promise<readonly ImageMember[]>

  /**
   * Gives what is shared with a project, in the same order by owner and image.
   * An image that is gone may be among it: who asks compares sequences.
   */
  listSharedImages(memberProject: string): Promise<readonly ImageMember[]>
}
