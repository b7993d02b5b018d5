import { foldKeyCase } from '../core/policy/tag-policy.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { TagsInUse } from '../search-index/tags-in-use.ts'
import type { ProjectIndex } from './project-index.ts'
import type { TimeSlice } from './time-slice.ts'

/** Keys that are read between two looks at the clock. */
const KEYS_PER_LOOK = 256

/** The keys in use that differ from some keys in case alone. */
export class KeySpellings {
  /** By key in lower case. */
  readonly #spellings = new Map<string, Set<string>>()
  readonly #read: { readonly type: ResourceType; readonly tags: TagsInUse; readonly changes: number }[] = []

  /** Reads the keys of some types that are spellings of given ones. Without a slice at once. */
  static async read(
    index: ProjectIndex,
    types: readonly ResourceType[],
    keys: readonly string[],
    slice?: TimeSlice,
  ): Promise<KeySpellings> {
    const spellings = new KeySpellings(keys)
    for (const type of types) {
      for (const _step of spellings.#readType(index, type)) if (slice?.isOver) await slice.yield()
    }
    return spellings
  }

  /** Reads them at once. */
  static readNow(index: ProjectIndex, types: readonly ResourceType[], keys: readonly string[]): KeySpellings {
    const spellings = new KeySpellings(keys)
    for (const type of types) for (const _step of spellings.#readType(index, type));
    return spellings
  }

  private constructor(keys: readonly string[]) {
    for (const key of keys) this.#spellings.set(foldKeyCase(key), new Set())
  }

  /** The other spellings of a key. */
  of(key: string): readonly string[] {
    return [...(this.#spellings.get(foldKeyCase(key)) ?? [])].filter((spelling) => spelling !== key)
  }

  /** Whether no key has come into use, or out of it, since they were read. */
  isCurrent(index: ProjectIndex): boolean {
    return this.#read.every(({ type, tags, changes }) => {
      const now = index.of(type).tagsInUse
      return now === tags && now.keyChanges === changes
    })
  }

  *#readType(index: ProjectIndex, type: ResourceType): Generator<undefined> {
    while (!index.of(type).tagsInUse.prepare()) yield
    const tags = index.of(type).tagsInUse
    this.#read.push({ type, tags, changes: tags.keyChanges })
    let read = 0
    for (const key of tags.view().keys()) {
      this.#spellings.get(foldKeyCase(key))?.add(key)
      if (++read % KEYS_PER_LOOK === 0) yield
    }
  }
}
