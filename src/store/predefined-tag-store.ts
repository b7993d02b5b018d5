import type { PredefinedTag } from '../core/predefined-tag.ts'
import type { Tag } from '../core/tag.ts'

// A test in `test/conformance` checks each sentence of the interface below on every engine.

/** The outcome of putting tags: all are stored, or none because the quota would be exceeded. */
export type PutVerdict = 'done' | 'full'

/** The outcome of a replacement: done, or nothing changed because the old tag is missing or the new tag exists. */
export type ReplaceVerdict = 'done' | 'old-absent' | 'new-taken'

/** Predefined tags of domains. A domain is only an id here. Times are stored rounded down to the second. */
export interface PredefinedTagStore {
  /**
   * Returns every predefined tag of a domain, in order of key, then of value, by code point.
   * The list is empty for a domain without predefined tags.
   */
  listPredefinedTags(domainId: string): Promise<readonly PredefinedTag[]>

  /**
   * Adds tags, each identified by its key and value together; both compare exactly.
   * A tag that exists, or that is given twice, gets the new time.
   * When the domain would have more than `tagsMax` tags, nothing changes and the verdict is `full`; overwriting a tag
   * is always possible.
   * Concurrent calls together do not exceed the limit.
   */
  putPredefinedTags(domainId: string, tags: readonly Tag[], atMs: number, tagsMax: number): Promise<PutVerdict>

  /** Removes tags. A missing tag counts as removed. */
  removePredefinedTags(domainId: string, tags: readonly Tag[]): Promise<void>

  /**
   * Replaces one tag by another, with a new time.
   * `old-absent` when the old tag is missing, otherwise `new-taken` when the new tag exists; in both cases nothing
   * changes.
   * A tag cannot replace itself: the verdict is `new-taken`.
   */
  replacePredefinedTag(domainId: string, oldTag: Tag, newTag: Tag, atMs: number): Promise<ReplaceVerdict>
}
