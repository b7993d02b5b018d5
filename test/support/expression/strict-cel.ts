import type { Expression, Test } from '../../../src/core/expression/expression.ts'

/** Stands for `type`, which is a function of CEL. */
export const TYPE_IN_CEL = 'resourceType'

/**
 * Rewrites an expression into strict CEL, which fails on an absent key: each test of a value is preceded by a test of the
 * key. It shares no code with the printer of the canonical text.
 */
export function strictCel(expression: Expression): string {
  switch (expression.kind) {
    case 'and':
      return `(${expression.operands.map(strictCel).join(' && ')})`
    case 'or':
      return `(${expression.operands.map(strictCel).join(' || ')})`
    case 'not':
      return `!(${strictCel(expression.operand)})`
    default:
      return strictTest(expression)
  }
}

function strictTest(test: Test): string {
  switch (test.kind) {
    case 'true':
      return 'true'
    case 'has-tag':
      return `(${text(test.key)} in tags)`
    case 'tag-in':
      return `(${text(test.key)} in tags && tags[${text(test.key)}] in [${test.values.map(text).join(',')}])`
    case 'tag-text':
      return `(${text(test.key)} in tags && tags[${text(test.key)}].${test.method}(${text(test.text)}))`
    case 'tag-count':
      return `(size(tags) ${test.comparison} ${test.count})`
    case 'member-in':
      return `(${test.member === 'type' ? TYPE_IN_CEL : test.member} in [${test.values.map(text).join(',')}])`
    case 'name-text':
      return `name.${test.method}(${text(test.text)})`
    case 'time':
      return `(${test.member} ${test.comparison} timestamp("${new Date(test.atMs).toISOString()}"))`
  }
}

/** Escapes every character that is not a letter or digit of ASCII. */
function text(value: string): string {
  let escaped = ''
  for (const character of value) {
    const code = character.codePointAt(0) as number
    escaped += /[A-Za-z0-9]/.test(character) ? character : `\\U${code.toString(16).padStart(8, '0')}`
  }
  return `"${escaped}"`
}
