import { combine, type Expression, FALSE, negate, type Test, TRUE } from './expression.ts'
import { type ExpressionCandidate, matchesExpression } from './matches-expression.ts'

/** Replaces tests whose outcome is known by constants, and removes the constants. `decide`: undefined for an unknown outcome. */
export function simplify(expression: Expression, decide: (test: Test) => boolean | undefined): Expression {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return simplifyAll(expression.kind, expression.operands, decide)
    case 'not': {
      const operand = simplify(expression.operand, decide)
      return negate(operand)
    }
    default: {
      const outcome = expression.kind === 'true' ? true : decide(expression)
      if (outcome === undefined) return expression
      return outcome ? TRUE : FALSE
    }
  }
}

function simplifyAll(
  kind: 'and' | 'or',
  operands: readonly Expression[],
  decide: (test: Test) => boolean | undefined,
): Expression {
  // The constant that decides the whole, and the one without effect.
  const [absorbing, neutral] = kind === 'and' ? [FALSE, TRUE] : [TRUE, FALSE]
  const simplified = operands.map((operand) => simplify(operand, decide))
  if (simplified.some((operand) => isSame(operand, absorbing))) return absorbing
  const others = simplified.filter((operand) => !isSame(operand, neutral))
  return others.length === 0 ? neutral : combine(kind, others)
}

function isSame(expression: Expression, constant: Expression): boolean {
  return isTrue(constant) ? isTrue(expression) : isFalse(expression)
}

export function isTrue(expression: Expression): boolean {
  return expression.kind === 'true'
}

export function isFalse(expression: Expression): boolean {
  return expression.kind === 'not' && expression.operand.kind === 'true'
}

/** Decides all tests of a resource but those of its tags and its name, which a change of its state can alter. */
export function onState(expression: Expression, resource: ExpressionCandidate): Expression {
  return simplify(expression, (test) => {
    const isOfState = test.kind === 'name-text' || (test.kind === 'member-in' && test.member === 'name')
    const isOfMember = test.kind === 'member-in' || test.kind === 'time'
    return isOfMember && !isOfState ? matchesExpression(resource, test) : undefined
  })
}
