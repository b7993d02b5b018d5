import type { TagFilter, TagQuery } from '../tag-query.ts'
import { combine, type Expression } from './expression.ts'

/**
 * A query without its top-level conditions on one key, so that the counts of the values of the key show what else could be
 * chosen.
 */
export function withoutConditionsOn(
  { tags, tagsAny, notTags, notTagsAny, filter, ...rest }: TagQuery,
  key: string,
): TagQuery {
  const others = (list: readonly TagFilter[] | undefined) => list?.filter((one) => one.key !== key)
  // An alternative of several keys is a condition on the key only if it names no other.
  const unlessAll = (list: readonly TagFilter[] | undefined) => (others(list)?.length === 0 ? undefined : list)
  const remaining = filter && withoutTestsOf(filter, key)
  return {
    ...rest,
    ...given('tags', emptyToNone(others(tags))),
    ...given('tagsAny', unlessAll(tagsAny)),
    ...given('notTags', unlessAll(notTags)),
    ...given('notTagsAny', emptyToNone(others(notTagsAny))),
    ...(remaining && { filter: remaining }),
  }
}

function given(name: string, list: readonly TagFilter[] | undefined): TagQuery {
  return list === undefined ? {} : { [name]: list }
}

function emptyToNone(list: readonly TagFilter[] | undefined): readonly TagFilter[] | undefined {
  return list?.length === 0 ? undefined : list
}

function withoutTestsOf(filter: Expression, key: string): Expression | undefined {
  const operands = filter.kind === 'and' ? filter.operands : [filter]
  const remaining = operands.filter((operand) => !testsOnly(operand, key))
  return remaining.length === 0 ? undefined : combine('and', remaining)
}

/** True for an expression whose tests are all of tags with a key. */
function testsOnly(expression: Expression, key: string): boolean {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.operands.every((operand) => testsOnly(operand, key))
    case 'not':
      return testsOnly(expression.operand, key)
    case 'tag-in':
    case 'has-tag':
    case 'tag-text':
      return expression.key === key
    default:
      return false
  }
}
