import type { IndexedResource } from '../core/resource.ts'
import type { Tag } from '../core/tag.ts'
import type { IndexStorage } from './index-state.ts'

/** The resource of a live slot. Members are decoded when they are read, so a view is valid until the index changes. */
export class ResourceView implements IndexedResource {
  readonly #storage: IndexStorage
  readonly #slot: number
  /** The tags as they were decoded last: a caller that judges a resource reads them several times. */
  #tags: readonly Tag[] | undefined
  /** The state of the index that they are of. */
  #changes = 0

  constructor(storage: IndexStorage, slot: number) {
    this.#storage = storage
    this.#slot = slot
  }

  get id(): string {
    return this.#storage.ids.read(this.#slot)
  }

  get name(): string {
    return this.#storage.names.read(this.#slot)
  }

  get detail(): string {
    return this.#storage.details.read(this.#storage.detailOf.get(this.#slot))
  }

  get sequence(): number {
    return this.#storage.sequences.get(this.#slot)
  }

  get createdAtMs(): number {
    return this.#storage.createdAtMs.get(this.#slot)
  }

  get updatedAtMs(): number {
    return this.#storage.updatedAtMs.get(this.#slot)
  }

  get tags(): readonly Tag[] {
    const { changes } = this.#storage
    if (this.#tags === undefined || this.#changes !== changes) {
      this.#tags = this.#storage.tagsOf(this.#slot)
      this.#changes = changes
    }
    return this.#tags
  }
}
