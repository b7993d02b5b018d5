import { type Expression, TRUE } from '../../../src/core/expression/expression.ts'
import { parseExpression } from '../../../src/core/expression/parse-expression.ts'
import { ExpressionError, tokensOf } from '../../../src/core/expression/tokens.ts'

/** What a text of a filter is: an expression, or what is wrong with it. */
export type ReadFilter =
  | { readonly expression: Expression; readonly error?: undefined }
  | { readonly expression?: undefined; readonly error: ExpressionError }

/** Reads the text of a filter. The empty text holds for everything. */
export function readFilter(text: string): ReadFilter {
  if (text.trim() === '') return { expression: TRUE }
  try {
    return { expression: parseExpression(text) }
  } catch (error) {
    if (error instanceof ExpressionError) return { error }
    throw error
  }
}

/** A part of a text with the look that it gets. */
export type Paint = {
  readonly text: string
  readonly look: 'word' | 'text' | 'number' | 'operator' | 'blank' | 'fault'
}

/** Splits the text of a filter into parts to be painted. Together they are the text; a fault at its end adds a blank. */
export function paintsOf(text: string): readonly Paint[] {
  const { error } = readFilter(text)
  const characters = [...text]
  const faultAt = error === undefined ? text.length : characters.slice(0, error.position - 1).join('').length
  const paints = tokenPaints(text.slice(0, faultAt))
  if (error === undefined) return paints
  // A fault at the end has no character of its own: a blank is underlined.
  const fault = /^\s*\S*/u.exec(text.slice(faultAt))?.[0] || ' '
  const rest = text.slice(faultAt + fault.length)
  return [...paints, { text: fault, look: 'fault' }, ...(rest === '' ? [] : [{ text: rest, look: 'word' } as const])]
}

/** The parts of a text that was accepted; what cannot be split, such as a text without its end, is a word. */
function tokenPaints(text: string): readonly Paint[] {
  const tokens = tokensIn(text)
  const paints: Paint[] = []
  let end = 0
  for (const [at, { kind, index }] of tokens.entries()) {
    if (index > end) paints.push({ text: text.slice(end, index), look: 'blank' })
    if (kind === 'end') break
    const next = tokens[at + 1]?.index ?? text.length
    const whole = text.slice(index, next)
    const token = tokens.length === 1 ? whole : whole.trimEnd()
    paints.push({ text: token, look: LOOKS[kind] })
    end = index + token.length
  }
  return paints
}

const LOOKS = { identifier: 'word', text: 'text', number: 'number', symbol: 'operator' } as const

function tokensIn(text: string) {
  try {
    return tokensOf(text)
  } catch (error) {
    if (error instanceof ExpressionError) return [{ kind: 'identifier' as const, index: 0 }]
    throw error
  }
}
