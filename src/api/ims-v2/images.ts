import type { Author, Catalog, Changed } from '../../catalog/catalog.ts'
import { DomainError } from '../../core/errors.ts'
import type { ImageMember, MemberStatus, SharedImage } from '../../core/image-member.ts'
import type { TagChange } from '../../core/tag-change.ts'
import type { IndexedResource } from '../../core/tag-index.ts'

/** What became of a change: done; or left undone, because it is there already, is not there, or there is no room. */
type MemberVerdict = 'done' | 'taken' | 'absent' | 'full'

/** Where it is kept with whom images are shared. */
export type ImageMembers = {
  addImageMember(member: ImageMember, membersPerImageMax: number): Promise<MemberVerdict>
  updateImageMember(
    image: SharedImage,
    memberProject: string,
    status: MemberStatus,
    atMs: number,
  ): Promise<MemberVerdict>
  removeImageMember(image: SharedImage, memberProject: string): Promise<MemberVerdict>
  listImageMembers(image: SharedImage): Promise<readonly ImageMember[]>
  listSharedImages(memberProject: string): Promise<readonly ImageMember[]>
}

/** An image as one project sees it: its own, or one that its owner shares with it. */
export type VisibleImage = {
  readonly resource: IndexedResource
  readonly owner: string
  /** What the project is to the image; undefined for its own. */
  readonly membership: ImageMember | undefined
}

/** The images that a project has to do with: its own, and those that others share with it (contract D27). */
export class Images {
  readonly catalog: Catalog
  readonly members: ImageMembers

  constructor(catalog: Catalog, members: ImageMembers) {
    this.catalog = catalog
    this.members = members
  }

  /**
   * Changes an image of the project. Throws what `Catalog.change` throws, and `image-not-owned` for an image that another
   * project shares with this one.
   */
  async change(project: string, id: string, change: TagChange, author: Author): Promise<Changed> {
    try {
      return await this.catalog.change(project, 'images', id, change, author)
    } catch (error) {
      throw await this.#unlessShared(project, id, error)
    }
  }

  /**
   * Gives an image of the project. Throws `resource-not-found`, and `image-not-owned` for an image that another project
   * shares with this one.
   */
  async getOwn(project: string, id: string): Promise<{ revision: number; resource: IndexedResource }> {
    try {
      return await this.catalog.get(project, 'images', id)
    } catch (error) {
      throw await this.#unlessShared(project, id, error)
    }
  }

  /**
   * Gives an image of the project, or one that is shared with it and of which it has made one of `statuses`; the
   * project's own comes first. Throws `resource-not-found`. The revision is that of the project that asks.
   */
  async get(
    project: string,
    id: string,
    statuses: readonly MemberStatus[],
  ): Promise<VisibleImage & { readonly revision: number }> {
    try {
      const { revision, resource } = await this.catalog.get(project, 'images', id)
      return { revision, resource, owner: project, membership: undefined }
    } catch (error) {
      const revision = revisionOfMissing(error)
      const [shared] = revision === undefined ? [] : await this.shared(project, statuses, id)
      if (revision === undefined || shared === undefined) throw error
      return { revision, ...shared }
    }
  }

  /**
   * Gives the images that others share with a project and of which it has made one of `statuses`, in the order in which
   * they were shared. Of images of one id it is the one that was shared first.
   */
  async shared(project: string, statuses: readonly MemberStatus[], id?: string): Promise<readonly VisibleImage[]> {
    const memberships = await this.members.listSharedImages(project)
    // What nobody asked for costs nothing, however much others share.
    const wanted = memberships.filter(
      ({ imageId, status }) => (id === undefined || imageId === id) && statuses.includes(status),
    )
    const found = await Promise.all(wanted.map((membership) => this.#imageOf(membership)))
    const first = new Map<string, VisibleImage>()
    for (const image of found) {
      if (image !== undefined && !first.has(image.resource.id)) first.set(image.resource.id, image)
    }
    return [...first.values()]
  }

  /** As `shared`, without images whose id is that of one of the project's own. */
  async sharedBesideOwn(project: string, statuses: readonly MemberStatus[]): Promise<readonly VisibleImage[]> {
    const shared = await this.shared(project, statuses)
    const counts = await Promise.all(
      shared.map(({ resource }) => this.catalog.count(project, 'images', { id: resource.id })),
    )
    return shared.filter((_, i) => counts[i]?.total === 0)
  }

  /** The image of a membership, undefined when it is gone or another of its id. */
  async #imageOf(membership: ImageMember): Promise<VisibleImage | undefined> {
    const { ownerProject, imageId, sequence } = membership
    try {
      const { resource } = await this.catalog.get(ownerProject, 'images', imageId)
      return resource.sequence === sequence ? { resource, owner: ownerProject, membership } : undefined
    } catch (error) {
      if (revisionOfMissing(error) === undefined) throw error
      return undefined
    }
  }

  /** The error to throw: another one when the image that is not there is one that is shared with the project. */
  async #unlessShared(project: string, id: string, error: unknown): Promise<unknown> {
    const revision = revisionOfMissing(error)
    if (revision === undefined) return error
    const [shared] = await this.shared(project, MEMBER_STATUSES, id)
    return shared === undefined ? error : new DomainError('image-not-owned', { revision })
  }
}

/** Every status, in the order of a member's life. */
export const MEMBER_STATUSES: readonly MemberStatus[] = ['pending', 'accepted', 'rejected']

/** The project's revision when an error says that it has no such image, undefined for any other error. */
function revisionOfMissing(error: unknown): number | undefined {
  return error instanceof DomainError && error.code === 'resource-not-found' ? error.facts.revision : undefined
}

/** Who changes something, for the change log. */
export function authorOf(call: {
  readonly caller: { readonly principal: { readonly user: { readonly id: string } } }
  readonly requestId: string
}): Author {
  return { userId: call.caller.principal.user.id, requestId: call.requestId }
}
