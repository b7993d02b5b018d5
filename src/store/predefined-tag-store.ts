import type { PredefinedTag } from '../core/predefined-tag.ts'
import type { Tag } from '../core/tag.ts'

// Each sentence in a comment of the interface below is held by a test of `test/conformance`, on every engine.

/** What became of tags that were to be put: all are there, or none of them because the number allowed is reached. */
export type PutVerdict = 'done' | 'full'

/** What became of a replacement: done, or left undone because the old tag is not there or the new one already is. */
export type ReplaceVerdict = 'done' | 'old-absent' | 'new-taken'

/** The tags that accounts keep ready for use. A domain here is only an id. Times are kept as the whole second they are in. */
export interface PredefinedTagStore {
  /**
   * Gives every predefined tag of a domain, in order of key, then of value, by code point.
   * A domain that has none gives an empty list.
   */
  listPredefinedTags(domainId: string): Promise<readonly PredefinedTag[]>

  /**
   * Adds tags, each known by its key and value together; both compare exactly.
   * A tag that is there gets the new time, as does one that is given twice.
   * When the domain would have more than `tagsMax` afterwards, nothing changes and the verdict is `full`; overwriting
   * does not count.
   * Concurrent calls together do not exceed the number either.
   */
  putPredefinedTags(domainId: string, tags: readonly Tag[], atMs: number, tagsMax: number): Promise<PutVerdict>

  /** Removes tags. One that is not there counts as removed. */
  removePredefinedTags(domainId: string, tags: readonly Tag[]): Promise<void>

  /**
   * Puts one tag in the place of another, with a new time.
   * It is `old-absent` when the old tag is not there, and else `new-taken` when the new one is; then nothing changes.
   * A tag is taken by itself.
   */
  replacePredefinedTag(domainId: string, oldTag: Tag, newTag: Tag, atMs: number): Promise<ReplaceVerdict>
}
