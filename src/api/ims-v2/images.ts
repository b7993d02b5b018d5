import type { Catalog, PageShape } from '../../catalog/catalog.ts'
import { resourceNotFound } from '../../core/errors.ts'
import type { MemberStatus } from '../../core/image-member.ts'
import { IMAGES } from '../../core/resource-types.ts'
import type { ImageMemberStore } from '../../store/image-member-store.ts'
import type { ImageFilter } from './image-filter.ts'
import { OwnImages, revisionOfMissing } from './own-images.ts'
import { SharedImages } from './shared-images.ts'
import { MEMBER_STATUSES, type VisibleImage } from './visible-image.ts'

/** The JSON shape of the tags of an image. */
const TAGS: PageShape = { pieces: [{ text: '{"tags":[' }, 'tags', { text: ']}' }], detail: (detail) => detail }

/** The images visible to a project: its own, and those that others share with it (contract 2.10, D27). */
export class Images {
  readonly catalog: Catalog
  readonly members: ImageMemberStore
  readonly own: OwnImages
  readonly shared: SharedImages

  constructor(catalog: Catalog, members: ImageMemberStore) {
    this.catalog = catalog
    this.members = members
    this.own = new OwnImages(catalog, members)
    this.shared = new SharedImages(catalog, members, this.own)
  }

  /**
   * Gives an image of the project, or a shared one whose membership has one of `statuses`. With `owner` only images of
   * that project count; otherwise the project's own image takes precedence. Throws `resource-not-found` and the errors
   * of `SharedImages.membership`. The revision is that of the asking project.
   */
  async get(
    project: string,
    id: string,
    statuses: readonly MemberStatus[],
    owner?: string,
  ): Promise<VisibleImage & { readonly revision: number }> {
    if (owner === undefined || owner === project) {
      try {
        const { revision, resource } = await this.catalog.get(project, IMAGES, id)
        return { revision, resource, owner: project, membership: undefined }
      } catch (error) {
        // The shares of images have no history, so another project's images are only shown at present.
        if (revisionOfMissing(error) === undefined || owner === project || this.catalog.moments.isPast) throw error
      }
    }
    const revision = await this.catalog.revision(project)
    const membership = await this.shared.membership(project, id, statuses, owner)
    const shared = membership && (await this.shared.find(membership))
    if (shared === undefined) throw resourceNotFound(id, revision)
    return { revision, ...shared }
  }

  /**
   * Gives `{"tags":[...]}` of an image of the project, or of a shared one that it accepted. Throws the errors of
   * `get`.
   */
  async tagsJson(project: string, id: string): Promise<{ revision: number; json: string }> {
    try {
      return await this.catalog.getJson(project, IMAGES, id, TAGS)
    } catch (error) {
      if (revisionOfMissing(error) === undefined) throw error
      const { revision, resource } = await this.get(project, id, ['accepted'])
      return { revision, json: JSON.stringify({ tags: resource.tags }) }
    }
  }

  /**
   * Gives the image that a list with these statuses shows for an id, else any visible image of that id, else
   * undefined.
   */
  async findListed(
    project: string,
    id: string,
    { memberStatuses, owner }: Pick<ImageFilter, 'memberStatuses' | 'owner'>,
  ): Promise<VisibleImage | undefined> {
    const [ofOwner] = owner === undefined ? [] : await this.shared.list(project, MEMBER_STATUSES, id, owner)
    const listed =
      ofOwner ?? (await this.own.find(project, id)) ?? (await this.shared.list(project, memberStatuses, id))[0]
    return listed ?? (await this.shared.list(project, MEMBER_STATUSES, id))[0]
  }
}
