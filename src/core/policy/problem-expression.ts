import { combine, type Expression, FALSE, negate } from '../expression/expression.ts'
import type { ResourceType } from '../resource-types.ts'
import type { PolicyRule } from './effective-policy.ts'
import type { Problem } from './judge-resource.ts'
import { typeTest } from './policy-types.ts'

/** What the resources are that are searched for a problem. */
export type SearchedResources = {
  /** Their types. */
  readonly types: readonly ResourceType[]
  /** At least all of their keys that differ from that of the rule in case alone. */
  readonly spellings: readonly string[]
}

/** Gives the expression that holds for the resources with a problem, as `problemsOfResource` judges them. */
export function problemExpression(
  rule: PolicyRule,
  problem: Problem,
  { types, spellings }: SearchedResources,
): Expression {
  const hasOther = anyOf(spellings.map((key) => ({ kind: 'has-tag', key })))
  const has: Expression = { kind: 'has-tag', key: rule.key }
  switch (problem) {
    case 'wrong-case':
      return hasOther
    case 'wrong-value': {
      const allowed = allowedExpression(rule)
      return allowed === undefined ? FALSE : combine('and', [has, negate(allowed)])
    }
    case 'missing': {
      const required = types.filter(typeTest(rule.requiredFor))
      if (required.length === 0) return FALSE
      const isRequired: Expression = { kind: 'member-in', member: 'type', values: required }
      const hasNone = negate(anyOf([has, hasOther]))
      return required.length === types.length ? hasNone : combine('and', [isRequired, hasNone])
    }
  }
}

/** Gives the expression that holds for the resources with the key of a rule and an allowed value; undefined for any value. */
export function allowedExpression({ key, values }: PolicyRule): Expression | undefined {
  if (values === undefined) return undefined
  const exact = values.filter((value) => !value.includes('*'))
  const patterns = values.filter((value) => value.includes('*'))
  const oneOf: Expression = { kind: 'tag-in', key, values: exact }
  return anyOf([...(exact.length > 0 ? [oneOf] : []), ...patterns.map((pattern) => patternExpression(key, pattern))])
}

function patternExpression(key: string, pattern: string): Expression {
  const [start, end] = pattern.split('*') as [string, string]
  const startsWith: Expression = { kind: 'tag-text', key, method: 'startsWith', text: start }
  const endsWith: Expression = { kind: 'tag-text', key, method: 'endsWith', text: end }
  if (start === '' && end === '') return { kind: 'has-tag', key }
  if (end === '') return startsWith
  if (start === '') return endsWith
  const overlapping = overlaps(start, end)
  const both = combine('and', [startsWith, endsWith])
  if (overlapping.length === 0) return both
  return combine('and', [both, negate({ kind: 'tag-in', key, values: overlapping })])
}

/** The texts that begin and end as they should, but in which both parts overlap. */
function overlaps(start: string, end: string): readonly string[] {
  const texts: string[] = []
  for (let length = 1; length <= Math.min(start.length, end.length); length++) {
    if (start.endsWith(end.slice(0, length))) texts.push(start + end.slice(length))
  }
  return texts
}

function anyOf(expressions: readonly Expression[]): Expression {
  const operands = expressions.filter((each) => each !== FALSE)
  return operands.length === 0 ? FALSE : combine('or', operands)
}
