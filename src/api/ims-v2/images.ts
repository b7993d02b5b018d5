import type { Author, Catalog, Changed, PageShape } from '../../catalog/catalog.ts'
import { DomainError } from '../../core/errors.ts'
import type { ImageMember, MemberStatus } from '../../core/image-member.ts'
import { matches } from '../../core/matches.ts'
import type { IndexedResource } from '../../core/resource.ts'
import type { TagChange } from '../../core/tag-change.ts'
import type { ImageMemberStore } from '../../store/image-member-store.ts'
import type { ImsErrorCode } from './error-codes.ts'
import type { ImageFilter } from './image-filter.ts'
import { MEMBER_STATUSES, type VisibleImage } from './visible-image.ts'

/** The JSON shape of the tags of an image. */
const TAGS: PageShape = { pieces: [{ text: '{"tags":[' }, 'tags', { text: ']}' }], detail: (detail) => detail }

/** The images visible to a project: its own, and those that others share with it (contract D27). */
export class Images {
  readonly catalog: Catalog
  readonly members: ImageMemberStore

  constructor(catalog: Catalog, members: ImageMemberStore) {
    this.catalog = catalog
    this.members = members
  }

  /**
   * Changes an image of the project. Throws the errors of `Catalog.change`, and `image-not-owned` for an image that
   * another project shares with this one.
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
   * Gives `{"tags":[...]}` of an image of the project, or of a shared one that it accepted. Throws the errors of
   * `get`.
   */
  async tagsJson(project: string, id: string): Promise<{ revision: number; json: string }> {
    try {
      return await this.catalog.getJson(project, 'images', id, TAGS)
    } catch (error) {
      if (revisionOfMissing(error) === undefined) throw error
      const { revision, resource } = await this.get(project, id, ['accepted'])
      return { revision, json: JSON.stringify({ tags: resource.tags }) }
    }
  }

  /**
   * Gives an image of the project, or a shared one whose membership has one of `statuses`. With `owner` only images of
   * that project count; otherwise the project's own image takes precedence. Throws `resource-not-found` and the errors
   * of `membership`. The revision is that of the asking project.
   */
  async get(
    project: string,
    id: string,
    statuses: readonly MemberStatus[],
    owner?: string,
  ): Promise<VisibleImage & { readonly revision: number }> {
    if (owner === undefined || owner === project) {
      try {
        const { revision, resource } = await this.catalog.get(project, 'images', id)
        return { revision, resource, owner: project, membership: undefined }
      } catch (error) {
        if (revisionOfMissing(error) === undefined || owner === project) throw error
      }
    }
    const revision = await this.catalog.revision(project)
    const membership = await this.membership(project, id, statuses, owner)
    const shared = membership && (await this.#imageShared(membership))
    if (shared === undefined) throw new DomainError('resource-not-found', { revision })
    return { revision, ...shared }
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
      ...{ field: 'owner', rule: { name: 'well-formed', what } },
      revision: await this.catalog.revision(project),
    })
  }

  /**
   * Gives the shared images whose membership has one of `statuses`, one for each id: by the precedence of
   * `membership`, then the one shared first.
   */
  async shared(
    project: string,
    statuses: readonly MemberStatus[],
    id?: string,
    owner?: string,
  ): Promise<readonly VisibleImage[]> {
    const preferred = new Map<string, ImageMember>()
    for (const membership of await this.#memberships(project, statuses, id, owner)) {
      if (!preferred.has(membership.imageId)) preferred.set(membership.imageId, membership)
    }
    const found = await Promise.all(Array.from(preferred.values(), (membership) => this.#imageShared(membership)))
    return found.filter((image) => image !== undefined)
  }

  /**
   * Gives the shared images of a list that match its query. Leaves out ids of the project's own images, unless the
   * list is restricted to one owner.
   */
  async sharedBesideOwn(
    project: string,
    { query, memberStatuses, owner }: Pick<ImageFilter, 'query' | 'memberStatuses' | 'owner'>,
  ): Promise<readonly VisibleImage[]> {
    const shared = await this.shared(project, memberStatuses, query.id, owner)
    const wanted = shared.filter(({ resource }) => matches(resource, query))
    if (owner !== undefined) return wanted
    const counts = await Promise.all(
      wanted.map(({ resource }) => this.catalog.count(project, 'images', { id: resource.id })),
    )
    return wanted.filter((_, i) => counts[i]?.total === 0)
  }

  /**
   * Gives the image that a list with these statuses shows for an id, else any visible image of that id, else
   * undefined.
   */
  async listed(
    project: string,
    id: string,
    { memberStatuses, owner }: Pick<ImageFilter, 'memberStatuses' | 'owner'>,
  ): Promise<VisibleImage | undefined> {
    const [named] = owner === undefined ? [] : await this.shared(project, MEMBER_STATUSES, id, owner)
    const image = named ?? (await this.#imageOf(project, id)) ?? (await this.shared(project, memberStatuses, id))[0]
    return image ?? (await this.shared(project, MEMBER_STATUSES, id))[0]
  }

  /** The memberships of a project, by the precedence of `membership`, then oldest first. */
  async #memberships(
    project: string,
    statuses: readonly MemberStatus[],
    id: string | undefined,
    owner: string | undefined,
  ): Promise<readonly ImageMember[]> {
    const memberships =
      id === undefined
        ? await this.members.listSharedImages(project, statuses)
        : await this.members.findSharedImages(project, id)
    return memberships
      .filter(({ status, ownerProject }) => statuses.includes(status) && (owner ?? ownerProject) === ownerProject)
      .sort((a, b) => PREFERENCE[a.status] - PREFERENCE[b.status])
  }

  /** The image of a membership; undefined when it was deleted or replaced by a new one of its id. */
  async #imageShared(membership: ImageMember): Promise<VisibleImage | undefined> {
    const image = await this.#imageOf(membership.ownerProject, membership.imageId)
    return image?.resource.sequence === membership.sequence ? { ...image, membership } : undefined
  }

  /** The project's own image, or undefined. */
  async #imageOf(owner: string, id: string): Promise<VisibleImage | undefined> {
    try {
      const { resource } = await this.catalog.get(owner, 'images', id)
      return { resource, owner, membership: undefined }
    } catch (error) {
      if (revisionOfMissing(error) === undefined) throw error
      return undefined
    }
  }

  /** Replaces not-found by `image-not-owned` when the image is shared with the project. */
  async #unlessShared(project: string, id: string, error: unknown): Promise<unknown> {
    const revision = revisionOfMissing(error)
    if (revision === undefined) return error
    const shared = await this.members.findSharedImages(project, id)
    return shared.length === 0 ? error : new DomainError<ImsErrorCode>('image-not-owned', { revision })
  }
}

/** Precedence of memberships of one image id: the lowest wins. */
const PREFERENCE: Readonly<Record<MemberStatus, number>> = { accepted: 0, pending: 1, rejected: 2 }

/** Owners that an error message lists at most. */
const OWNERS_NAMED_MAX = 8

/** The revision in a not-found error; undefined for any other error. */
function revisionOfMissing(error: unknown): number | undefined {
  return error instanceof DomainError && error.code === 'resource-not-found' ? error.facts.revision : undefined
}
