import type { PredefinedTag } from '../../core/predefined-tag.ts'
import type { Tag } from '../../core/tag.ts'

/** Where predefined tags are kept, each domain's by themselves; the store says what each call promises. */
export type PredefinedTags = {
  /** Gives all of a domain. */
  listPredefinedTags(domainId: string): Promise<readonly PredefinedTag[]>
  /** Adds all or none: `full` when there would be more than `tagsMax`. */
  putPredefinedTags(domainId: string, tags: readonly Tag[], atMs: number, tagsMax: number): Promise<'done' | 'full'>
  /** Removes those that are there. */
  removePredefinedTags(domainId: string, tags: readonly Tag[]): Promise<void>
  /** Puts one in the place of another. */
  replacePredefinedTag(
    domainId: string,
    oldTag: Tag,
    newTag: Tag,
    atMs: number,
  ): Promise<'done' | 'old-absent' | 'new-taken'>
}
