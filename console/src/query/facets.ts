// What a click on a facet does to a query. A facet of a key reads and writes up to three conditions: the values to have, which
// may include the lack of the key, the values not to have, and the key itself.

import { combine, type Expression, negate } from '../../../src/core/expression/expression.ts'
import { conditionsOf, fromConditions } from './chips.ts'

/** What a query says about one key. */
export type KeyCondition = {
  readonly included: readonly string[]
  /** Resources without the key are looked for as well. */
  readonly includesLacking: boolean
  readonly excluded: readonly string[]
  /** Only resources with the key are looked for. */
  readonly excludesLacking: boolean
}

type Part = 'included' | 'excluded' | 'has'

export function conditionOn(expression: Expression, key: string): KeyCondition {
  const conditions = conditionsOf(expression)
  const of = (part: Part) => conditions.filter((each) => partOf(each, key) === part)
  // All conditions must hold: what is included is included by each, what is excluded by any.
  const included = of('included')
  const isIncluded = (value: string) => included.every((each) => valuesOf(each, key).includes(value))
  return {
    included: included.length === 0 ? [] : valuesOf(included[0] as Expression, key).filter(isIncluded),
    includesLacking: included.length > 0 && included.every((each) => alternativesOf(each).some(isNegation)),
    excluded: [...new Set(of('excluded').flatMap((each) => (each.kind === 'not' ? valuesOf(each.operand, key) : [])))],
    excludesLacking: of('has').length > 0,
  }
}

/** The keys that a query has conditions for, in their order. */
export function keysOf(expression: Expression): readonly string[] {
  return [...new Set(conditionsOf(expression).flatMap(keysIn))]
}

/** Adds a value to those to have, or takes it away; of a value that was excluded only the exclusion ends. */
export function toggleValue(expression: Expression, key: string, value: string): Expression {
  const before = conditionOn(expression, key)
  if (before.excluded.includes(value)) return toggleExcluded(expression, key, value)
  const included = toggled(before.included, value)
  return replace(expression, key, 'included', includedOf(key, included, before.includesLacking))
}

/** Adds a value to those not to have, or takes it away. */
export function toggleExcluded(expression: Expression, key: string, value: string): Expression {
  const before = conditionOn(expression, key)
  const others = before.included.filter((each) => each !== value)
  const next =
    others.length === before.included.length
      ? expression
      : replace(expression, key, 'included', includedOf(key, others, before.includesLacking))
  const values = toggled(before.excluded, value)
  return replace(next, key, 'excluded', values.length === 0 ? undefined : negate({ kind: 'tag-in', key, values }))
}

/** Looks for resources without the key as well, or no more; ends the condition that they must have it. */
export function toggleLacking(expression: Expression, key: string): Expression {
  const before = conditionOn(expression, key)
  if (before.excludesLacking) return replace(expression, key, 'has', undefined)
  return replace(expression, key, 'included', includedOf(key, before.included, !before.includesLacking))
}

/** Looks only for resources with the key, or no more. */
export function toggleHaving(expression: Expression, key: string): Expression {
  const before = conditionOn(expression, key)
  if (before.excludesLacking) return replace(expression, key, 'has', undefined)
  const next = before.includesLacking
    ? replace(expression, key, 'included', includedOf(key, before.included, false))
    : expression
  return replace(next, key, 'has', { kind: 'has-tag', key })
}

const UNTAGGED: Expression = { kind: 'tag-count', comparison: '==', count: 0 }

/** What a query says about resources without any tag. */
export function conditionOnUntagged(expression: Expression): 'included' | 'excluded' | undefined {
  if (conditionsOf(expression).some(isUntagged)) return 'included'
  return conditionsOf(expression).some((each) => each.kind === 'not' && isUntagged(each.operand))
    ? 'excluded'
    : undefined
}

/** Looks only for resources without any tag, or no more; `isExcluded`: only for those with one. */
export function toggleUntagged(expression: Expression, isExcluded: boolean): Expression {
  const before = conditionOnUntagged(expression)
  const others = conditionsOf(expression).filter(
    (each) => !isUntagged(each) && !(each.kind === 'not' && isUntagged(each.operand)),
  )
  if (before !== undefined) return fromConditions(others)
  return fromConditions([...others, isExcluded ? negate(UNTAGGED) : UNTAGGED])
}

/** Adds a condition, unless it is there. */
export function withCondition(expression: Expression, condition: Expression): Expression {
  const conditions = conditionsOf(expression)
  const isThere = conditions.some((each) => JSON.stringify(each) === JSON.stringify(condition))
  return isThere ? expression : fromConditions([...conditions, ...conditionsOf(condition)])
}

/** The expression without the condition at an index. */
export function withoutCondition(expression: Expression, index: number): Expression {
  return fromConditions(conditionsOf(expression).toSpliced(index, 1))
}

/** The expression with the condition at an index negated. */
export function withNegated(expression: Expression, index: number): Expression {
  return fromConditions(conditionsOf(expression).map((each, at) => (at === index ? negate(each) : each)))
}

function isUntagged(expression: Expression): boolean {
  return expression.kind === 'tag-count' && expression.comparison === '==' && expression.count === 0
}

function isNegation({ kind }: Expression): boolean {
  return kind === 'not'
}

function alternativesOf(expression: Expression): readonly Expression[] {
  return expression.kind === 'or' ? expression.operands : [expression]
}

/** Which part of the condition on a key an expression is; undefined for none. */
function partOf(expression: Expression, key: string): Part | undefined {
  if (expression.kind === 'has-tag') return expression.key === key ? 'has' : undefined
  if (expression.kind === 'not' && expression.operand.kind === 'tag-in') {
    return expression.operand.key === key ? 'excluded' : undefined
  }
  const isIncluded = alternativesOf(expression).every(
    (each) =>
      (each.kind === 'tag-in' && each.key === key) ||
      (each.kind === 'not' && each.operand.kind === 'has-tag' && each.operand.key === key),
  )
  return isIncluded ? 'included' : undefined
}

function valuesOf(expression: Expression, key: string): readonly string[] {
  const lists = alternativesOf(expression).map((each) =>
    each.kind === 'tag-in' && each.key === key ? each.values : [],
  )
  return [...new Set(lists.flat())]
}

function includedOf(key: string, values: readonly string[], withLacking: boolean): Expression | undefined {
  const alternatives: Expression[] = values.length === 0 ? [] : [{ kind: 'tag-in', key, values }]
  if (withLacking) alternatives.push(negate({ kind: 'has-tag', key }))
  return alternatives.length === 0 ? undefined : combine('or', alternatives)
}

/** Puts a condition in place of those with the same part, or at the end. */
function replace(expression: Expression, key: string, part: Part, condition: Expression | undefined): Expression {
  const conditions = conditionsOf(expression)
  const at = conditions.findIndex((each) => partOf(each, key) === part)
  const added = condition === undefined ? [] : [condition]
  if (at === -1) return fromConditions([...conditions, ...added])
  const others = (list: readonly Expression[]) => list.filter((each) => partOf(each, key) !== part)
  return fromConditions([...conditions.slice(0, at), ...added, ...others(conditions.slice(at + 1))])
}

function toggled(values: readonly string[], value: string): readonly string[] {
  return values.includes(value) ? values.filter((each) => each !== value) : [...values, value]
}

function keysIn(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.operands.flatMap(keysIn)
    case 'not':
      return keysIn(expression.operand)
    case 'tag-in':
    case 'has-tag':
    case 'tag-text':
      return [expression.key]
    default:
      return []
  }
}
