import { combine, type Expression } from '../../../src/core/expression/expression.ts'
import { printExpression } from '../../../src/core/expression/print-expression.ts'
import { foldValue } from '../../../src/core/near-duplicates/fold.ts'
import type { Rule } from './queries.ts'

/** Actions of one plan, a limit of the service. */
export const ACTIONS_MAX = 50

/** The values of a rule that can be chosen: those without a `*`. */
export function exactValues({ tag_value: values = [] }: Rule): readonly string[] {
  return values.filter((value) => !value.includes('*'))
}

/** The allowed value that another one is a spelling of; undefined if none or several are. */
export function guessOf(rule: Rule, value: string): string | undefined {
  const same = exactValues(rule).filter((each) => foldValue(each) === foldValue(value))
  return same.length === 1 ? same[0] : undefined
}

/** Whether a rule allows a value. */
export function isAllowed({ tag_value: values }: Rule, value: string): boolean {
  return values === undefined || values.some((pattern) => matches(pattern, value))
}

function matches(pattern: string, value: string): boolean {
  const [start, end] = pattern.split('*')
  if (start === undefined || end === undefined) return pattern === value
  return value.length >= start.length + end.length && value.startsWith(start) && value.endsWith(end)
}

/** The actions that replace values, one for each value that stays. */
export function valueActions(key: string, targets: ReadonlyMap<string, string>) {
  const byTarget = Map.groupBy(targets, ([, to]) => to)
  return Array.from(byTarget, ([to, pairs]) => ({ map_value: { key, from: pairs.map(([from]) => from), to } }))
}

/** The filter for the resources whose key has one of some values, of a type or of all. */
export function valuesFilter(key: string, values: readonly string[], type: string | undefined): string {
  return ofType({ kind: 'tag-in', key, values }, type)
}

/** The filter for the resources with one of some keys. */
export function keysFilter(keys: readonly string[], type: string | undefined): string {
  return ofType(
    combine(
      'or',
      keys.map((key) => ({ kind: 'has-tag', key })),
    ),
    type,
  )
}

function ofType(expression: Expression, type: string | undefined): string {
  if (type === undefined) return printExpression(expression)
  return printExpression(combine('and', [{ kind: 'member-in', member: 'type', values: [type] }, expression]))
}
