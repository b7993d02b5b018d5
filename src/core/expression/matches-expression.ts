import type { Tag } from '../tag.ts'
import { foldCase } from '../text.ts'
import type { Comparison, Expression, NameMethod, Test, TimeMember, ValueMethod } from './expression.ts'

/** What the tests of an expression read. A test must not read a member that is absent. */
export type ExpressionCandidate = {
  readonly id: string
  readonly name: string
  readonly tags: readonly Tag[]
  readonly type?: string
  /** Id of the project. */
  readonly project?: string
  readonly createdAtMs?: number
  readonly updatedAtMs?: number
}

/**
 * Says whether a resource matches an expression: the reference implementation, slow and obvious. A test of an absent key
 * is false, so that the negation of it is true: an untagged resource matches `tags.env != "prod"`.
 */
export function matchesExpression(resource: ExpressionCandidate, expression: Expression): boolean {
  switch (expression.kind) {
    case 'and':
      return expression.operands.every((operand) => matchesExpression(resource, operand))
    case 'or':
      return expression.operands.some((operand) => matchesExpression(resource, operand))
    case 'not':
      return !matchesExpression(resource, expression.operand)
    default:
      return matchesTest(resource, expression)
  }
}

function matchesTest(resource: ExpressionCandidate, test: Test): boolean {
  switch (test.kind) {
    case 'true':
      return true
    case 'has-tag':
      return tagValue(resource, test.key) !== undefined
    case 'tag-in': {
      const value = tagValue(resource, test.key)
      return value !== undefined && test.values.includes(value)
    }
    case 'tag-text': {
      const value = tagValue(resource, test.key)
      return value !== undefined && testText(value, test.method, test.text)
    }
    case 'tag-count':
      return compare(resource.tags.length, test.comparison, test.count)
    case 'member-in':
      return test.values.includes(present(test.member, resource[test.member]))
    case 'name-text':
      return testText(resource.name, test.method, test.text)
    case 'time':
      return compare(present(test.member, timeOf(resource, test.member)), test.comparison, test.atMs)
  }
}

function timeOf({ createdAtMs, updatedAtMs }: ExpressionCandidate, member: TimeMember): number | undefined {
  return member === 'created' ? createdAtMs : updatedAtMs
}

/** Throws for an absent member: any outcome would be wrong. */
function present<T>(member: string, value: T | undefined): T {
  if (value === undefined) throw new RangeError(`the resource has no ${member}, which the expression tests`)
  return value
}

function tagValue({ tags }: ExpressionCandidate, key: string): string | undefined {
  return tags.find((tag) => tag.key === key)?.value
}

/** Applies a test of a text. */
export function testText(text: string, method: ValueMethod | NameMethod, part: string): boolean {
  switch (method) {
    case 'startsWith':
      return text.startsWith(part)
    case 'endsWith':
      return text.endsWith(part)
    case 'contains':
      return text.includes(part)
    case 'containsFold':
      return foldCase(text).includes(foldCase(part))
  }
}

/** Compares two numbers. */
export function compare(a: number, comparison: Comparison, b: number): boolean {
  switch (comparison) {
    case '==':
      return a === b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
  }
}
