import { combine, type Expression, type Test, TRUE } from '../../../src/core/expression/expression.ts'
import { printExpression } from '../../../src/core/expression/print-expression.ts'

/** A test that a chip can say in words, or its negation. */
export type Term = { readonly test: Exclude<Test, { kind: 'true' }>; readonly isNegated: boolean }

/** One condition of a query. All conditions must hold. */
export type Chip = {
  /** Unique in a query, and the same as long as the condition is. */
  readonly id: string
  readonly expression: Expression
  /** The alternatives of the condition; undefined if it is nested too deeply for words. */
  readonly terms: readonly Term[] | undefined
}

/** The conditions of an expression. */
export function chipsOf(expression: Expression): readonly Chip[] {
  const seen = new Map<string, number>()
  return conditionsOf(expression).map((operand) => {
    const text = printExpression(operand)
    const before = seen.get(text) ?? 0
    seen.set(text, before + 1)
    return { id: before === 0 ? text : `${text} #${before + 1}`, expression: operand, terms: termsOf(operand) }
  })
}

/** The expression of conditions. */
export function expressionOf(chips: readonly Pick<Chip, 'expression'>[]): Expression {
  return fromConditions(chips.map(({ expression }) => expression))
}

/** The operands of an `and`, without those that always hold. */
export function conditionsOf(expression: Expression): readonly Expression[] {
  const operands = expression.kind === 'and' ? expression.operands : [expression]
  return operands.filter(({ kind }) => kind !== 'true')
}

/** The opposite of `conditionsOf`. */
export function fromConditions(conditions: readonly Expression[]): Expression {
  return conditions.length === 0 ? TRUE : combine('and', conditions)
}

/** The canonical text of an expression for an address; undefined if it holds for everything. */
export function textOfFilter(expression: Expression): string | undefined {
  return expression.kind === 'true' ? undefined : printExpression(expression)
}

function termsOf(condition: Expression): readonly Term[] | undefined {
  const operands = condition.kind === 'or' ? condition.operands : [condition]
  const terms = operands.map(termOf)
  return terms.includes(undefined) ? undefined : (terms as Term[])
}

function termOf(expression: Expression): Term | undefined {
  const isNegated = expression.kind === 'not'
  const test = isNegated ? expression.operand : expression
  return hasWords(test) ? { test, isNegated } : undefined
}

function hasWords(expression: Expression): expression is Term['test'] {
  switch (expression.kind) {
    case 'and':
    case 'or':
    case 'not':
    case 'true':
      return false
    case 'tag-in':
    case 'member-in':
      // A list without items has no words: nothing is in it.
      return expression.values.length > 0
    default:
      return true
  }
}
