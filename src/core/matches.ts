import type { Tag } from './tag.ts'
import type { TagFilter, TagQuery } from './tag-query.ts'
import { foldCase } from './text.ts'

type Candidate = { readonly id: string; readonly name: string; readonly tags: readonly Tag[] }

/**
 * The truth: does this resource match this query? Contract 4.2 word for word, slow and obvious. The index answers
 * faster and is judged by this.
 */
export function matches(resource: Candidate, query: TagQuery): boolean {
  const has = (filter: TagFilter) =>
    resource.tags.some((t) => t.key === filter.key && (filter.values.length === 0 || filter.values.includes(t.value)))
  const { tags, tagsAny, notTags, notTagsAny } = query

  if (query.id !== undefined && resource.id !== query.id) return false
  if (query.nameEquals !== undefined && resource.name !== query.nameEquals) return false
  if (query.nameContains !== undefined && !foldCase(resource.name).includes(foldCase(query.nameContains))) return false
  if (query.withoutAnyTag) return resource.tags.length === 0
  if (tags !== undefined && !tags.every(has)) return false
  if (tagsAny !== undefined && !tagsAny.some(has)) return false
  if (notTags?.every(has)) return false
  if (notTagsAny?.some(has)) return false
  return true
}
