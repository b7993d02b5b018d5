import type { Expression, Test } from './expression.ts'

const IDENTIFIER = /^(?!(?:true|false|null|in)$)[A-Za-z_][A-Za-z0-9_]*$/

/** Prints the canonical text of an expression, which parses to the same expression. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'and':
      return expression.operands.map((operand) => inside(operand, operand.kind === 'or')).join(' && ')
    case 'or':
      return expression.operands.map(printExpression).join(' || ')
    case 'not':
      return printNegation(expression.operand)
    default:
      return printTest(expression, '==')
  }
}

function inside(expression: Expression, needsParentheses: boolean): string {
  const text = printExpression(expression)
  return needsParentheses ? `(${text})` : text
}

function printNegation(operand: Expression): string {
  switch (operand.kind) {
    case 'true':
      return '!true'
    case 'tag-in':
    case 'member-in':
      if (operand.values.length === 1) return printTest(operand, '!=')
      break
    case 'tag-count':
    case 'time':
      if (operand.comparison === '==') return printTest(operand, '!=')
      break
    default:
  }
  return `!(${printExpression(operand)})`
}

/** `equals`: the operator in place of `==`. */
function printTest(test: Test, equals: '==' | '!='): string {
  switch (test.kind) {
    case 'true':
      return 'true'
    case 'tag-in':
      return `${tag(test.key)} ${membership(test.values, equals)}`
    case 'has-tag':
      return `${quoted(test.key)} in tags`
    case 'tag-text':
      return `${tag(test.key)}.${test.method}(${quoted(test.text)})`
    case 'tag-count':
      return `size(tags) ${test.comparison === '==' ? equals : test.comparison} ${test.count}`
    case 'member-in':
      return `${test.member} ${membership(test.values, equals)}`
    case 'name-text':
      return `name.${test.method}(${quoted(test.text)})`
    case 'time': {
      const comparison = test.comparison === '==' ? equals : test.comparison
      return `${test.member} ${comparison} timestamp(${quoted(timestamp(test.atMs))})`
    }
  }
}

function membership(values: readonly string[], equals: '==' | '!='): string {
  return values.length === 1 ? `${equals} ${quoted(values[0] as string)}` : `in [${values.map(quoted).join(', ')}]`
}

function tag(key: string): string {
  return IDENTIFIER.test(key) ? `tags.${key}` : `tags[${quoted(key)}]`
}

/** JSON's escapes are those of CEL. */
function quoted(text: string): string {
  return JSON.stringify(text)
}

function timestamp(atMs: number): string {
  return new Date(atMs).toISOString().replace('.000Z', 'Z')
}
