import type { ResourceState } from './resource.ts'
import type { Tag } from './tag.ts'

/** A change as blame reads it. */
type Step = {
  readonly revision: number
  /** The resource after the change; undefined when the change deleted it. */
  readonly after: ResourceState | undefined
}

/** The change that set the present value of a tag. */
export type TagOrigin<Change> = Tag & {
  /** Undefined when it is not known: it is `atOrBefore`, or an earlier one. */
  readonly change: Change | undefined
  /** The revision of the oldest change that was read, after which the tag had its value. */
  readonly atOrBefore?: number
  /** The value that it replaced; undefined when the key was new. */
  readonly before: string | undefined
}

/**
 * Finds the change that set the present value of each tag of a resource. It reads the changes of the resource from the
 * newest one backwards, and only as many as it needs. A change that writes the same value again sets nothing.
 */
export class Blame<Change extends Step> {
  readonly #present: ResourceState
  readonly #origins = new Map<string, TagOrigin<Change>>()
  readonly #open: Map<string, string>
  /** The oldest change that was read. */
  #oldest: Change

  /** `newest` is the last change of the resource, which exists. */
  constructor(newest: Change & { readonly after: ResourceState }) {
    this.#present = newest.after
    this.#open = new Map(newest.after.tags.map(({ key, value }) => [key, value]))
    this.#oldest = newest
  }

  /** True when every tag has its origin, and no further change is needed. */
  get isDone(): boolean {
    return this.#open.size === 0
  }

  /** Takes the change before those that were read. */
  add(change: Change): void {
    const values = new Map(change.after?.tags.map(({ key, value }) => [key, value]))
    for (const [key, value] of this.#open) if (values.get(key) !== value) this.#found(key, value, values.get(key))
    this.#oldest = change
  }

  /** Says that there is no change before those that were read. */
  end(): void {
    for (const [key, value] of this.#open) this.#found(key, value, undefined)
  }

  /** The origins in the order of the tags. */
  get origins(): readonly TagOrigin<Change>[] {
    const { revision } = this.#oldest
    return this.#present.tags.map(
      (tag) => this.#origins.get(tag.key) ?? { ...tag, change: undefined, atOrBefore: revision, before: undefined },
    )
  }

  #found(key: string, value: string, before: string | undefined): void {
    this.#origins.set(key, { key, value, change: this.#oldest, before })
    this.#open.delete(key)
  }
}
