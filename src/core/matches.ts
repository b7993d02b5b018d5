import { type ExpressionCandidate, matchesExpression } from './expression/matches-expression.ts'
import type { TagFilter, TagQuery } from './tag-query.ts'
import { foldCase } from './text.ts'

/**
 * Says whether a resource matches a query: the reference implementation of contract 4.2, slow and obvious. Tests compare
 * the answers of the index with it. A test of the filter may only read members that the resource has here.
 */
export function matches(resource: ExpressionCandidate, query: TagQuery): boolean {
  const has = (filter: TagFilter) =>
    resource.tags.some((t) => t.key === filter.key && (filter.values.length === 0 || filter.values.includes(t.value)))
  const { tags, tagsAny, notTags, notTagsAny } = query

  if (query.id !== undefined && resource.id !== query.id) return false
  if (query.nameEquals !== undefined && resource.name !== query.nameEquals) return false
  if (query.nameContains !== undefined && !foldCase(resource.name).includes(foldCase(query.nameContains))) return false
  if (query.filter !== undefined && !matchesExpression(resource, query.filter)) return false
  if (query.withoutAnyTag) return resource.tags.length === 0
  if (tags !== undefined && !tags.every(has)) return false
  if (tagsAny !== undefined && !tagsAny.some(has)) return false
  if (notTags?.every(has)) return false
  if (notTagsAny?.some(has)) return false
  return true
}
