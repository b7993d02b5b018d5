/** The form of a file that `tagwerk import` converts to lines of JSON objects. */
export type FileFormat = 'csv' | 'json-array' | 'json-values' | 'utf-16le' | 'utf-16be'

/** A kind of file other than lines of JSON objects, recognized by its start. */
export type FileKind = {
  /** Undefined for a kind that no import reads. */
  readonly format?: FileFormat
  /** What the file is, with an article. */
  readonly name: string
  /** What to do with it, a sentence without its full stop. `FILE` stands for its name. */
  readonly remedy: string
}

type Json = Readonly<Record<string, unknown>>

/** Bytes that suffice to recognize any kind: a line is never longer, and a longer one is no line of an import. */
const HEAD_BYTES_MAX = 65_538
/** Lines before the list of resources in the indented output of a query, and two more. */
const HEAD_LINES = 8
const LINE_FEED = 10
const NO_BYTES = new Uint8Array(0)
const utf8 = new TextDecoder()

const unpackedBy = (command: string) => `Unpack it first: ${command} FILE`
const convertedBy = (command: string) => `Convert it with: ${command} FILE`

/** Kinds by their first bytes, the longest first where two begin alike. */
const BY_FIRST_BYTES: readonly (readonly [bytes: readonly number[], kind: FileKind])[] = [
  [[0x50, 0x4b, 0x03, 0x04], { name: 'a zip file', remedy: unpackedBy('unzip -p') }],
  [[0x42, 0x5a, 0x68], { name: 'a bzip2 file', remedy: unpackedBy('bzip2 -dc') }],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], { name: 'an xz file', remedy: unpackedBy('xz -dc') }],
  [[0x28, 0xb5, 0x2f, 0xfd], { name: 'a zstd file', remedy: unpackedBy('zstd -dc') }],
  [
    [0x1f, 0x8b],
    { name: 'a gzip file', remedy: `${unpackedBy('gzip -dc')}, or send it with the header Content-Encoding: gzip` },
  ],
  [[0xff, 0xfe, 0x00, 0x00], encodedIn('UTF-32')],
  [[0x00, 0x00, 0xfe, 0xff], encodedIn('UTF-32')],
  [[0x00, 0x00, 0x00], encodedIn('UTF-32BE')],
  [[0xff, 0xfe], encodedIn('UTF-16', 'utf-16le')],
  [[0xfe, 0xff], encodedIn('UTF-16', 'utf-16be')],
]

const HTML: FileKind = {
  name: 'an HTML page',
  remedy: 'It is probably the page of a login or of an error: check how the file was made',
}
const XML: FileKind = { name: 'an XML document', remedy: 'Convert it to one JSON object per line' }
const ARRAY: FileKind = { format: 'json-array', name: 'a JSON array', remedy: convertedBy("jq -c '.[]'") }
const RESOURCE_LIST: FileKind = {
  name: 'one JSON document with a list of resources',
  remedy: convertedBy(`jq -c '.resources[] | {resource_type: "images"} + .'`),
}
const TERRAFORM_STATE: FileKind = {
  name: 'a Terraform state',
  remedy: convertedBy('tagwerk convert --from terraform-state'),
}
const SEVERAL_LINES: FileKind = {
  format: 'json-values',
  name: 'JSON that spans several lines',
  remedy: convertedBy('jq -c .'),
}
const COMMAS: FileKind = {
  name: 'lines with a comma after the object',
  remedy: `Remove the commas: sed 's/,[[:space:]]*$//' FILE`,
}
const CSV: FileKind = {
  format: 'csv',
  name: 'a CSV file',
  remedy: 'The program tagwerk reads CSV and sends it as lines: tagwerk import FILE',
}
const BINARY: FileKind = { name: 'a binary file', remedy: 'An import reads text in UTF-8, one JSON object per line' }

function encodedIn(encoding: string, format?: FileFormat): FileKind {
  const kind = { name: `text in ${encoding}`, remedy: convertedBy(`iconv -f ${encoding} -t UTF-8`) }
  return format === undefined ? kind : { ...kind, format }
}

/** Checks the start of a stream of bytes, which it holds back until its kind is certain. */
export class FileKindCheck {
  readonly #refuse: (kind: FileKind) => Error
  #head: Uint8Array | undefined = NO_BYTES

  /** `refuse` makes the error that is thrown for a stream of another kind than lines of JSON objects. */
  constructor(refuse: (kind: FileKind) => Error) {
    this.#refuse = refuse
  }

  /** Takes the next chunk. Gives the bytes to pass on, which are empty while the start is held back. */
  push(chunk: Uint8Array): Uint8Array {
    if (this.#head === undefined) return chunk
    this.#head = joined(this.#head, chunk)
    return isEnough(this.#head) ? this.#pass(this.#head, false) : NO_BYTES
  }

  /** Takes the end of the stream. Gives the rest of the bytes to pass on. */
  end(): Uint8Array {
    return this.#head === undefined ? NO_BYTES : this.#pass(this.#head, true)
  }

  #pass(head: Uint8Array, isWhole: boolean): Uint8Array {
    const kind = recognizeKind(head, isWhole)
    if (kind !== undefined) throw this.#refuse(kind)
    this.#head = undefined
    return head
  }
}

/**
 * Recognizes a file by its start; `isWhole` says that there is nothing more. Undefined for lines of JSON objects, and for
 * anything that is better reported line by line.
 */
export function recognizeKind(head: Uint8Array, isWhole: boolean): FileKind | undefined {
  const byBytes = BY_FIRST_BYTES.find(([bytes]) => bytes.every((byte, i) => head[i] === byte))
  if (byBytes !== undefined) return byBytes[1]
  if (head[1] === 0 && head[0] !== 0) return head[2] === 0 ? encodedIn('UTF-32LE') : encodedIn('UTF-16LE', 'utf-16le')
  if (head[0] === 0 && head.length > 1) return encodedIn('UTF-16BE', 'utf-16be')
  // The decoder removes a byte order mark.
  const text = utf8.decode(head).trimStart()
  const [first = '', second = ''] = firstLines(text)
  if (first.includes('\0')) return BINARY
  if (text.startsWith('<')) return /^<(!doctype\s+html|html)/i.test(text) ? HTML : XML
  if (text.startsWith('[')) return ARRAY
  if (text.startsWith('{')) return kindOfObject(text, first, second, isWhole)
  return isCsv(first, second) ? CSV : undefined
}

function kindOfObject(text: string, first: string, second: string, isWhole: boolean): FileKind | undefined {
  const line = parseObject(first)
  if (line !== undefined) return isDocument(line) ? documentKind(text) : undefined
  if (parseObject(first.replace(/,$/, '')) !== undefined) return COMMAS
  const kind = documentKind(text)
  if (kind !== undefined) return kind
  // The second line of an object over several lines is a member or the end; that of a damaged line is another object.
  return /^["}\]]/.test(second) || (isWhole && parseObject(text) !== undefined) ? SEVERAL_LINES : undefined
}

/** Tells a document with a list from a line, which always names its resource. */
function isDocument(object: Json): boolean {
  return Array.isArray(object.resources) && !('resource_type' in object) && !('resource_id' in object)
}

/** The kind of a document with a list of resources, complete or not. */
function documentKind(text: string): FileKind | undefined {
  if (/^\{\s*"version"\s*:\s*\d+\s*,\s*"terraform_version"/.test(text)) return TERRAFORM_STATE
  // Such as the number of matches, and the numbers of each type, of a query.
  const isList = /^\{\s*("\w+"\s*:\s*("[^"\\]*"|-?\d+|true|false|null|\{[^{}]*\})\s*,\s*)*"resources"\s*:\s*\[/.test(
    text,
  )
  return isList ? RESOURCE_LIST : undefined
}

/** Rows have a separator, are not JSON, and the next one has the same separator, or the first one names a column of ids. */
function isCsv(first: string, second: string): boolean {
  if (second.startsWith('{') || parse(first) !== undefined) return false
  if (/(^|[,;\t|])"?(resource_id|identifier|id)"?[,;\t|]/i.test(first)) return true
  return [',', ';', '\t'].some((separator) => first.includes(separator) && second.includes(separator))
}

function parseObject(text: string): Json | undefined {
  const value = parse(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The first two lines that are not blank. */
function firstLines(text: string): string[] {
  const lines: string[] = []
  for (let start = 0; start < text.length && lines.length < 2; ) {
    const end = text.indexOf('\n', start)
    const line = text.slice(start, end === -1 ? undefined : end).trim()
    if (line !== '') lines.push(line)
    start = end === -1 ? text.length : end + 1
  }
  return lines
}

/** Says whether a head has complete lines for a decision, or as many bytes as any line. */
export function isEnough(head: Uint8Array): boolean {
  if (head.length >= HEAD_BYTES_MAX) return true
  let lines = 0
  for (let start = 0, end = head.indexOf(LINE_FEED); end !== -1; end = head.indexOf(LINE_FEED, start)) {
    // A carriage return alone is a blank line.
    if (end - start > 1) lines++
    start = end + 1
  }
  return lines >= HEAD_LINES
}

function joined(head: Uint8Array, chunk: Uint8Array): Uint8Array {
  if (head.length === 0) return chunk
  const bytes = new Uint8Array(head.length + chunk.length)
  bytes.set(head)
  bytes.set(chunk, head.length)
  return bytes
}
