import type { Catalog } from '../../catalog/catalog.ts'
import { DomainError, invalid } from '../../core/errors.ts'
import type { ImageMember, MemberStatus } from '../../core/image-member.ts'
import { matches } from '../../core/matches.ts'
import { IMAGES } from '../../core/resource-types.ts'
import type { ImageMemberStore } from '../../store/image-member-store.ts'
import { AS_OF_HEADER } from '../as-of.ts'
import type { ImsErrorCode } from './error-codes.ts'
import type { ImageFilter } from './image-filter.ts'
import type { OwnImages } from './own-images.ts'
import type { VisibleImage } from './visible-image.ts'

/** The images that other projects share with a project (contract 2.10, D27). */
export class SharedImages {
  readonly #catalog: Catalog
  readonly #members: ImageMemberStore
  readonly #own: OwnImages

  constructor(catalog: Catalog, members: ImageMemberStore, own: OwnImages) {
    this.#catalog = catalog
    this.#members = members
    this.#own = own
  }

  /**
   * Gives the membership of a project in a shared image, among those with one of `statuses`; undefined when there is
   * none. Several projects can share images of one id, even on purpose: accepted memberships therefore take precedence
   * over pending ones, and those over rejected ones. Throws `image-owner-unclear` when several remain and `owner` is
   * not given.
   */
  async membership(
    project: string,
    id: string,
    statuses: readonly MemberStatus[],
    owner?: string,
  ): Promise<ImageMember | undefined> {
    const [first, ...others] = await this.#memberships(project, statuses, id, owner)
    const equals = others.filter(({ status }) => status === first?.status)
    if (first === undefined || equals.length === 0) return first
    const owners = [first, ...equals.slice(0, OWNERS_NAMED_MAX - 1)].map(({ ownerProject }) => ownerProject)
    const what = `given: ${equals.length + 1} projects share an image of this id, such as ${owners.join(' and ')}`
    throw new DomainError<ImsErrorCode>('image-owner-unclear', {
      field: 'owner',
      rule: { name: 'well-formed', what },
      revision: await this.#catalog.revision(project),
    })
  }

  /** Gives the shared image of a membership; undefined when it was deleted or replaced by a new one of its id. */
  async find(membership: ImageMember): Promise<VisibleImage | undefined> {
    const image = await this.#own.find(membership.ownerProject, membership.imageId)
    return image?.resource.sequence === membership.sequence ? { ...image, membership } : undefined
  }

  /**
   * Gives the shared images whose membership has one of `statuses`, one for each id: by the precedence of
   * `membership`, then the one shared first.
   */
  async list(
    project: string,
    statuses: readonly MemberStatus[],
    id?: string,
    owner?: string,
  ): Promise<readonly VisibleImage[]> {
    const preferred = new Map<string, ImageMember>()
    for (const membership of await this.#memberships(project, statuses, id, owner)) {
      if (!preferred.has(membership.imageId)) preferred.set(membership.imageId, membership)
    }
    const images = await Promise.all(Array.from(preferred.values(), (membership) => this.find(membership)))
    return images.filter((image) => image !== undefined)
  }

  /**
   * Gives the shared images of a list that match its query. Leaves out ids of the project's own images, unless the
   * list is restricted to one owner.
   */
  async listMatching(
    project: string,
    { query, memberStatuses, owner }: Pick<ImageFilter, 'query' | 'memberStatuses' | 'owner'>,
  ): Promise<readonly VisibleImage[]> {
    const shared = await this.list(project, memberStatuses, query.id, owner)
    const matching = shared.filter(({ resource }) => matches(resource, query))
    if (owner !== undefined) return matching
    const counts = await Promise.all(
      matching.map(({ resource }) => this.#catalog.count(project, IMAGES, { id: resource.id })),
    )
    return matching.filter((_, i) => counts[i]?.total === 0)
  }

  /** The memberships of a project, by the precedence of `membership`, then oldest first. */
  async #memberships(
    project: string,
    statuses: readonly MemberStatus[],
    id: string | undefined,
    owner: string | undefined,
  ): Promise<readonly ImageMember[]> {
    if (this.#catalog.moments.isPast) {
      throw invalid(AS_OF_HEADER, { name: 'well-formed', what: 'left out: the shares of images have no history' })
    }
    const memberships =
      id === undefined
        ? await this.#members.listSharedImages(project, statuses)
        : await this.#members.findSharedImages(project, id)
    return memberships
      .filter(({ status, ownerProject }) => statuses.includes(status) && (owner ?? ownerProject) === ownerProject)
      .sort((a, b) => PRECEDENCE[a.status] - PRECEDENCE[b.status])
  }
}

/** Precedence of memberships of one image id: the lowest wins. */
const PRECEDENCE: Readonly<Record<MemberStatus, number>> = { accepted: 0, pending: 1, rejected: 2 }

/** Owners that an error message lists at most. */
const OWNERS_NAMED_MAX = 8
