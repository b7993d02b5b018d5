import type { Candidate } from './candidate.ts'

// Completion inside a filter expression: what can stand at its end.

/** Reads what a service has in use. */
export type ReadTexts = {
  readonly keys: (start: string) => Promise<readonly Candidate[]>
  readonly values: (key: string, start: string) => Promise<readonly Candidate[]>
  readonly types: () => Promise<readonly Candidate[]>
}

/** A key: `tags.name` or `tags["text"]`. */
const KEY = String.raw`tags(?:\.(\w+)|\[\s*"((?:[^"\\]|\\.)*)"\s*\]|\[\s*'((?:[^'\\]|\\.)*)'\s*\])`
const IN_LIST = String.raw`in\s*\[[^\]]*`
const BEFORE_VALUE = new RegExp(String.raw`${KEY}\s*(?:[!=]=\s*|${IN_LIST}|\.(?:startsWith|endsWith|contains)\(\s*)$`)
const BEFORE_TYPE = new RegExp(String.raw`\btype\s*(?:[!=]=\s*|${IN_LIST})$`)
const BEFORE_OPERATOR = new RegExp(String.raw`${KEY}\s+$`)
/** Where a test can begin. */
const BEFORE_TEST = /(?:^|&&|\|\||(?:^|[\s(!&|])[!(])\s*$/
/** After a test. */
const AFTER_TEST = /(?:["'\])]|tags|\btrue|\d)\s+$/
/** A key that needs no quotes, and is no word of CEL. */
const NAME = /^(?!(?:true|false|null|in)$)[A-Za-z_]\w*$/

const OPERATORS = [' == "', ' != "', ' in ["', '.startsWith("', '.contains("']
const TESTS: readonly Candidate[] = [
  { text: 'tags.', description: 'the value of a key' },
  { text: 'has(tags.', description: 'has a key' },
  { text: 'size(tags) ', description: 'the number of tags' },
  { text: 'type == "', description: 'the resource type' },
  { text: 'name.containsFold("', description: 'the name, ignoring case' },
  { text: 'name == "', description: 'the name' },
  { text: 'id == "', description: 'the id' },
  { text: 'created > timestamp("', description: 'the time of creation' },
  { text: 'updated > timestamp("', description: 'the time of the last change' },
]

/** Gives texts that an expression, of which `text` is the start, can go on with. Each begins with `text`. */
export async function completeExpression(text: string, read: ReadTexts): Promise<readonly Candidate[]> {
  const quote = openQuoteAt(text)
  const found = quote === undefined ? await afterWord(text, read) : await inText(text, quote, read)
  return found.filter((candidate) => candidate.text.startsWith(text))
}

async function inText(text: string, at: number, read: ReadTexts): Promise<readonly Candidate[]> {
  const [head, quote, start] = [text.slice(0, at), text.charAt(at), text.slice(at + 1)]
  const quoted = (candidates: readonly Candidate[], end = '') =>
    candidates.map((each) => ({ ...each, text: `${head}${quote}${escaped(each.text, quote)}${quote}${end}` }))
  const ofValue = BEFORE_VALUE.exec(head)
  if (ofValue !== null) {
    const isCall = /\(\s*$/.test(head)
    return quoted(await read.values(keyOf(ofValue), start), isCall ? ')' : '')
  }
  if (BEFORE_TYPE.test(head)) return quoted(await read.types())
  if (/\btags\[\s*$/.test(head)) return withOperators(quoted(await read.keys(start), ']'))
  return BEFORE_TEST.test(head) ? quoted(await read.keys(start), ' in tags') : []
}

async function afterWord(text: string, read: ReadTexts): Promise<readonly Candidate[]> {
  const ofKey = /^(?:.*[\s(!&|])?tags\.(\w*)$/s.exec(text)
  if (ofKey !== null) {
    const [, start = ''] = ofKey
    const head = text.slice(0, text.length - start.length)
    const keys = (await read.keys(start)).filter((key) => NAME.test(key.text) && key.text.startsWith(start))
    const named = keys.map((key) => ({ ...key, text: head + key.text }))
    return /\bhas\(tags\.$/.test(head)
      ? named.map((each) => ({ ...each, text: `${each.text})` }))
      : withOperators(named)
  }
  if (BEFORE_OPERATOR.test(text))
    return OPERATORS.slice(0, 3).map((operator) => ({ text: text + operator.trimStart() }))
  if (AFTER_TEST.test(text)) return ['&& ', '|| '].map((operator) => ({ text: text + operator }))
  const [word = ''] = /(?:(?:has|size)\()?[a-z]*$/.exec(text) ?? []
  const head = text.slice(0, text.length - word.length)
  return BEFORE_TEST.test(head) ? TESTS.map((test) => ({ ...test, text: head + test.text })) : []
}

/**
 * A single key is completed with what can follow it. A shell would take a single candidate for the whole expression, and
 * close its quotes.
 */
function withOperators(keys: readonly Candidate[]): readonly Candidate[] {
  const [only] = keys
  if (only === undefined || keys.length > 1) return keys
  return OPERATORS.map((operator) => ({ ...only, text: only.text + operator }))
}

function keyOf([, name, double, single]: RegExpExecArray): string {
  return name ?? (double ?? single ?? '').replace(/\\(.)/gs, '$1')
}

function escaped(text: string, quote: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)
}

/** The position of the quote of a text that does not end. */
function openQuoteAt(text: string): number | undefined {
  let open: number | undefined
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i)
    if (open === undefined) {
      if (character === '"' || character === "'") open = i
    } else if (character === '\\') i++
    else if (character === text.charAt(open)) open = undefined
  }
  return open
}
