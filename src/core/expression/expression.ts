// The filter expressions of a search: a subset of CEL, the Common Expression Language. Absent keys have a rule of their
// own, see `matches-expression.ts`.

/** Comparisons of numbers and times; `!=` is the negation of `==`. */
export type Comparison = '==' | '<' | '<=' | '>' | '>='

/** Tests of the value of a tag. */
export type ValueMethod = 'startsWith' | 'endsWith' | 'contains'

/** Tests of a name; `containsFold` ignores case (contract D4). */
export type NameMethod = 'startsWith' | 'contains' | 'containsFold'

/** Members of a resource that are compared with texts. */
export type TextMember = 'id' | 'type' | 'project' | 'name'

/** Members of a resource that are compared with times. */
export type TimeMember = 'created' | 'updated'

/** A test of one property of a resource. */
export type Test =
  | { readonly kind: 'true' }
  /** The resource has a tag with this key and one of these values. */
  | { readonly kind: 'tag-in'; readonly key: string; readonly values: readonly string[] }
  /** The resource has a tag with this key. */
  | { readonly kind: 'has-tag'; readonly key: string }
  | { readonly kind: 'tag-text'; readonly key: string; readonly method: ValueMethod; readonly text: string }
  /** The number of tags. */
  | { readonly kind: 'tag-count'; readonly comparison: Comparison; readonly count: number }
  | { readonly kind: 'member-in'; readonly member: TextMember; readonly values: readonly string[] }
  | { readonly kind: 'name-text'; readonly method: NameMethod; readonly text: string }
  /** Milliseconds since 1970 UTC. */
  | { readonly kind: 'time'; readonly member: TimeMember; readonly comparison: Comparison; readonly atMs: number }

/** An expression in normal form: no operand of `and` or `or` has the same kind, and no negation is negated. */
export type Expression =
  | Test
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[] }
  | { readonly kind: 'not'; readonly operand: Expression }

export const TRUE: Expression = { kind: 'true' }
export const FALSE: Expression = { kind: 'not', operand: TRUE }

/** Limits of one expression. */
export const EXPRESSION_LIMITS = { characters: 4096, tests: 64, listItems: 200, nesting: 8 } as const

/** Combines one or more expressions. */
export function combine(kind: 'and' | 'or', expressions: readonly Expression[]): Expression {
  const operands = expressions.flatMap((operand) => (operand.kind === kind ? operand.operands : [operand]))
  return operands.length === 1 ? (operands[0] as Expression) : { kind, operands }
}

/** Negates an expression. */
export function negate(expression: Expression): Expression {
  return expression.kind === 'not' ? expression.operand : { kind: 'not', operand: expression }
}

/** The number of tests in an expression. */
export function countTests(expression: Expression): number {
  if (expression.kind === 'not') return countTests(expression.operand)
  if (expression.kind !== 'and' && expression.kind !== 'or') return 1
  return expression.operands.reduce((sum, operand) => sum + countTests(operand), 0)
}
