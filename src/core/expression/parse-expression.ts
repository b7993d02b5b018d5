import {
  type Comparison,
  combine,
  EXPRESSION_LIMITS,
  type Expression,
  type NameMethod,
  negate,
  type Test,
  type TextMember,
  type TimeMember,
  TRUE,
  type ValueMethod,
} from './expression.ts'
import { parseTimestamp } from './timestamp.ts'
import { ExpressionError, type Token, tokensOf } from './tokens.ts'

const VALUE_METHODS: readonly string[] = ['startsWith', 'endsWith', 'contains'] satisfies ValueMethod[]
const NAME_METHODS: readonly string[] = ['startsWith', 'contains', 'containsFold'] satisfies NameMethod[]
const COMPARISONS: readonly string[] = ['==', '!=', '<', '<=', '>', '>=']
const TEST = 'a test, such as tags.env == "prod", "env" in tags, size(tags) > 0, name.contains("web")'
/** Words that CEL does not accept after a dot. */
const KEYWORDS: readonly string[] = ['true', 'false', 'null', 'in']

/**
 * Parses an expression. Throws an ExpressionError for a text that is not in the grammar, and above the limits of
 * `EXPRESSION_LIMITS`. Contract 10.20 has the grammar; every sentence of it is CEL.
 */
export function parseExpression(text: string): Expression {
  const { characters } = EXPRESSION_LIMITS
  const afterLast = [...text].slice(0, characters).join('').length
  if (text.length > afterLast) throw new ExpressionError(text, afterLast, `at most ${characters} characters`)
  return new Parser(text).parse()
}

class Parser {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #next = 0
  #tests = 0
  #nesting = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokensOf(text)
  }

  parse(): Expression {
    const expression = this.#or()
    if (this.#token.kind !== 'end') this.#fail('&&, || or the end')
    return expression
  }

  get #token(): Token {
    return this.#tokens[this.#next] as Token
  }

  #fail(expected: string, { index } = this.#token): never {
    throw new ExpressionError(this.#text, index, expected)
  }

  #is(value: string): boolean {
    const { kind, value: actual } = this.#token
    return kind !== 'text' && actual === value
  }

  #accept(value: string): boolean {
    if (!this.#is(value)) return false
    this.#next++
    return true
  }

  #expect(value: string): void {
    if (!this.#accept(value)) this.#fail(value)
  }

  #take(kind: Token['kind'], expected: string): Token {
    const token = this.#token
    if (token.kind !== kind) this.#fail(expected)
    this.#next++
    return token
  }

  #takeText(): string {
    return this.#take('text', 'a text in quotes').value
  }

  #takeOneOf(values: readonly string[]): string {
    const { kind, value } = this.#token
    if (kind === 'text' || !values.includes(value)) this.#fail(values.join(' or '))
    this.#next++
    return value
  }

  #or(): Expression {
    const operands = [this.#and()]
    while (this.#accept('||')) operands.push(this.#and())
    return combine('or', operands)
  }

  #and(): Expression {
    const operands = [this.#unary()]
    while (this.#accept('&&')) operands.push(this.#unary())
    return combine('and', operands)
  }

  #unary(): Expression {
    let isNegated = false
    while (this.#accept('!')) isNegated = !isNegated
    const operand = this.#is('(') ? this.#parenthesized() : this.#countedTest()
    return isNegated ? negate(operand) : operand
  }

  #parenthesized(): Expression {
    const { nesting } = EXPRESSION_LIMITS
    if (++this.#nesting > nesting) this.#fail(`at most ${nesting} levels of parentheses`)
    this.#expect('(')
    const inner = this.#or()
    if (!this.#accept(')')) this.#fail('&&, || or )')
    this.#nesting--
    return inner
  }

  #countedTest(): Expression {
    const { tests } = EXPRESSION_LIMITS
    if (++this.#tests > tests) this.#fail(`at most ${tests} tests`)
    return this.#test()
  }

  #test(): Expression {
    const start = this.#token
    if (start.kind === 'text') {
      this.#next++
      this.#expect('in')
      this.#expect('tags')
      return { kind: 'has-tag', key: start.value }
    }
    if (start.kind !== 'identifier') this.#fail(TEST)
    this.#next++
    switch (start.value) {
      case 'true':
        return TRUE
      case 'tags':
        return this.#tagTest()
      case 'has':
        return this.#hasTest()
      case 'size':
        return this.#sizeTest()
      case 'id':
      case 'type':
      case 'project':
      case 'name':
        return this.#memberTest(start.value)
      case 'created':
      case 'updated':
        return this.#timeTest(start.value)
      default:
        return this.#fail(TEST, start)
    }
  }

  #tagTest(): Expression {
    const key = this.#key()
    if (!this.#accept('.')) return this.#equality('==, !=, in or .', (values) => ({ kind: 'tag-in', key, values }))
    const method = this.#takeOneOf(VALUE_METHODS) as ValueMethod
    return { kind: 'tag-text', key, method, text: this.#argument() }
  }

  /** The rest of `tags.key` or `tags["key"]`. */
  #key(): string {
    if (this.#accept('[')) {
      const key = this.#takeText()
      this.#expect(']')
      return key
    }
    if (!this.#accept('.')) this.#fail('.key or ["key"]')
    return this.#selector()
  }

  #selector(): string {
    const { value } = this.#token
    if (KEYWORDS.includes(value)) this.#fail(`a key that is no word of CEL, or tags["${value}"] instead`)
    return this.#take('identifier', 'a key').value
  }

  #hasTest(): Expression {
    this.#expect('(')
    this.#expect('tags')
    this.#expect('.')
    const key = this.#selector()
    this.#expect(')')
    return { kind: 'has-tag', key }
  }

  #sizeTest(): Expression {
    this.#expect('(')
    this.#expect('tags')
    this.#expect(')')
    return this.#comparison((comparison) => {
      const { value } = this.#take('number', 'a number')
      return { kind: 'tag-count', comparison, count: Number(value) }
    })
  }

  #memberTest(member: TextMember): Expression {
    if (member !== 'name' || !this.#accept('.')) {
      const expected = member === 'name' ? '==, !=, in or .' : '==, != or in'
      return this.#equality(expected, (values) => ({ kind: 'member-in', member, values }))
    }
    const method = this.#takeOneOf(NAME_METHODS) as NameMethod
    return { kind: 'name-text', method, text: this.#argument() }
  }

  #timeTest(member: TimeMember): Expression {
    return this.#comparison((comparison) => {
      this.#expect('timestamp')
      this.#expect('(')
      const token = this.#token
      const atMs = parseTimestamp(this.#takeText())
      if (atMs === undefined) {
        this.#fail('a time of RFC 3339 with at most milliseconds, such as "2026-01-31T00:00:00Z"', token)
      }
      this.#expect(')')
      return { kind: 'time', member, comparison, atMs }
    })
  }

  #argument(): string {
    this.#expect('(')
    const text = this.#takeText()
    this.#expect(')')
    return text
  }

  #comparison(test: (comparison: Comparison) => Test): Expression {
    const operator = this.#takeOneOf(COMPARISONS)
    return operator === '!=' ? negate(test('==')) : test(operator as Comparison)
  }

  #equality(expected: string, test: (values: readonly string[]) => Test): Expression {
    if (this.#accept('==')) return test([this.#takeText()])
    if (this.#accept('!=')) return negate(test([this.#takeText()]))
    if (!this.#accept('in')) this.#fail(expected)
    return test(this.#list())
  }

  #list(): readonly string[] {
    const { listItems } = EXPRESSION_LIMITS
    this.#expect('[')
    const values: string[] = []
    while (!this.#accept(']')) {
      if (values.length > 0 && !this.#accept(',')) this.#fail(', or ]')
      if (values.length === listItems) this.#fail(`at most ${listItems} items`)
      values.push(this.#takeText())
    }
    return values
  }
}
