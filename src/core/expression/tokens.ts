/** An expression that cannot be parsed, or exceeds a limit. */
export class ExpressionError extends Error {
  /** Position of the first character that is not accepted, counted in characters from 1. */
  readonly position: number
  /** What is accepted there. */
  readonly expected: string

  constructor(text: string, index: number, expected: string) {
    const position = [...text.slice(0, index)].length + 1
    super(`expected ${expected} at character ${position}`)
    this.name = 'ExpressionError'
    this.position = position
    this.expected = expected
  }
}

/** A token with the index at which it starts, in UTF-16 code units. */
export type Token = {
  readonly kind: 'identifier' | 'text' | 'number' | 'symbol' | 'end'
  /** The characters of an identifier, number or symbol; the content of a text. */
  readonly value: string
  readonly index: number
}

const BLANK = /[ \t\r\n\f]*/y
const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*/y
const NUMBER = /[0-9]+/y
const SYMBOL = /&&|\|\||[!=<>]=|[!<>()[\].,]/y
/** A character of a text, or an escape sequence of CEL. */
const ESCAPE = /\\(?:([abfnrtv\\?"'`])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))/y
const ESCAPED = new Map(Object.entries({ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }))
const CODE_POINT_MAX = 0x10_ffff

/** Splits an expression into tokens, of which the last has the kind `end`. Throws an ExpressionError. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  let index = match(BLANK, text, 0)
  while (index < text.length) {
    const { token, end } = readToken(text, index)
    tokens.push(token)
    index = match(BLANK, text, end)
  }
  return [...tokens, { kind: 'end', value: '', index }]
}

function readToken(text: string, index: number): { readonly token: Token; readonly end: number } {
  const quote = text[index]
  if (quote === '"' || quote === "'") {
    const { value, end } = readText(text, index, quote)
    return { token: { kind: 'text', value, index }, end }
  }
  for (const [kind, pattern] of [
    ['identifier', IDENTIFIER],
    ['number', NUMBER],
    ['symbol', SYMBOL],
  ] as const) {
    const end = match(pattern, text, index)
    if (end > index) return { token: { kind, value: text.slice(index, end), index }, end }
  }
  throw new ExpressionError(text, index, 'a name, a text in quotes, a number or an operator')
}

function readText(text: string, start: number, quote: string): { readonly value: string; readonly end: number } {
  let value = ''
  let index = start + 1
  for (;;) {
    const character = text[index]
    if (character === quote) return { value, end: index + 1 }
    if (character === undefined || character === '\n' || character === '\r') {
      throw new ExpressionError(text, index, `${quote} at the end of the text`)
    }
    if (character === '\\') {
      const { value: escaped, end } = readEscape(text, index)
      value += escaped
      index = end
    } else {
      value += character
      index++
    }
  }
}

function readEscape(text: string, index: number): { readonly value: string; readonly end: number } {
  ESCAPE.lastIndex = index
  const found = ESCAPE.exec(text)
  const expected = 'an escape sequence of CEL, such as \\" or \\\\ or \\u00e9'
  if (found === null) throw new ExpressionError(text, index, expected)
  const [whole, single, ...codes] = found
  if (single !== undefined) return { value: ESCAPED.get(single) ?? single, end: index + whole.length }
  const [hex2, hex4, hex8, octal] = codes
  const code = octal === undefined ? Number.parseInt((hex2 ?? hex4 ?? hex8) as string, 16) : Number.parseInt(octal, 8)
  if (code > CODE_POINT_MAX) throw new ExpressionError(text, index, expected)
  return { value: String.fromCodePoint(code), end: index + whole.length }
}

/** The index after the longest match of a sticky pattern. */
function match(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index
  return pattern.test(text) ? pattern.lastIndex : index
}
