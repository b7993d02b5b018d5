import type { Author, Catalog, Changed } from '../../catalog/catalog.ts'
import { DomainError } from '../../core/errors.ts'
import type { IndexedResource } from '../../core/resource.ts'
import { IMAGES } from '../../core/resource-types.ts'
import type { TagChange } from '../../core/tag-change.ts'
import type { ImageMemberStore } from '../../store/image-member-store.ts'
import type { ImsErrorCode } from './error-codes.ts'
import type { VisibleImage } from './visible-image.ts'

/** The images that a project owns. */
export class OwnImages {
  readonly #catalog: Catalog
  readonly #members: ImageMemberStore

  constructor(catalog: Catalog, members: ImageMemberStore) {
    this.#catalog = catalog
    this.#members = members
  }

  /**
   * Changes an image of the project. Throws the errors of `Catalog.change`, and `image-not-owned` for an image that
   * another project shares with this one.
   */
  async change(project: string, id: string, change: TagChange, author: Author): Promise<Changed> {
    try {
      return await this.#catalog.change(project, IMAGES, id, change, author)
    } catch (error) {
      throw await this.#unlessShared(project, id, error)
    }
  }

  /**
   * Gives an image of the project. Throws `resource-not-found`, and `image-not-owned` for an image that another project
   * shares with this one.
   */
  async get(project: string, id: string): Promise<{ revision: number; resource: IndexedResource }> {
    try {
      return await this.#catalog.get(project, IMAGES, id)
    } catch (error) {
      throw await this.#unlessShared(project, id, error)
    }
  }

  /** Gives an image of the project, or undefined. Does not read memberships. */
  async find(project: string, id: string): Promise<VisibleImage | undefined> {
    try {
      const { resource } = await this.#catalog.get(project, IMAGES, id)
      return { resource, owner: project, membership: undefined }
    } catch (error) {
      if (revisionOfMissing(error) === undefined) throw error
      return undefined
    }
  }

  /** Replaces not-found by `image-not-owned` when the image is shared with the project. */
  async #unlessShared(project: string, id: string, error: unknown): Promise<unknown> {
    const revision = revisionOfMissing(error)
    if (revision === undefined) return error
    const memberships = await this.#members.findSharedImages(project, id)
    return memberships.length === 0 ? error : new DomainError<ImsErrorCode>('image-not-owned', { revision })
  }
}

/** The revision in a not-found error; undefined for any other error. */
export function revisionOfMissing(error: unknown): number | undefined {
  return error instanceof DomainError && error.code === 'resource-not-found' ? error.facts.revision : undefined
}
