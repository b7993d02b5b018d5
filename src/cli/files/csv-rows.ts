import { textOf, valueOfCell } from '../../core/csv-cells.ts'
import { type CsvRow, CsvUnreadable, csvRows } from '../../csv/csv-rows.ts'
import { type CsvColumns, columnsOf, separatorOf } from './csv-columns.ts'
import type { Places } from './places.ts'

/** How a CSV file is read. */
export type CsvOptions = {
  /** Names of columns that are not imported. */
  readonly ignoredColumns: readonly string[]
  /** Receives a sentence about the file. */
  readonly warn: (message: string) => void
}

type Tag = { readonly key: string; readonly value: string }
/** A resource as text: the members of its line as JSON, without its tags. */
type Draft = { readonly row: CsvRow; readonly head: string; readonly tags: Tag[]; problem: Problem | undefined }
type Problem = { readonly field: string; readonly rule: string; readonly message: string }

/** Lines are passed on when they have this many characters together. */
const CHUNK_CHARACTERS = 64 * 1024
/** Limit on the size of a row, which is kept in memory. */
const ROW_BYTES_MAX = 4 * 2 ** 20
const NOT_TAGGED = '(not tagged)'

/**
 * Converts CSV to lines with one resource each. `head` is the start of the file, with its first line. Reads one row per
 * resource, with a column for each tag, and one row per tag: rows of one resource that are next to each other.
 */
export async function* csvLines(
  chunks: AsyncIterable<Uint8Array>,
  head: Uint8Array,
  options: CsvOptions,
  places: Places,
): AsyncGenerator<Uint8Array> {
  const rows = rowsOf(chunks, new TextDecoder().decode(head))
  const { value: header, done } = await rows.next()
  if (done) return
  const columns = columnsOf(header.cells, options.ignoredColumns)
  if (columns.ignored.length > 0) options.warn(`columns that are not imported: ${columns.ignored.join(', ')}`)
  let lines = ''
  for await (const draft of draftsOf(rows, columns)) {
    lines += toLine(draft, places)
    if (lines.length < CHUNK_CHARACTERS) continue
    yield Buffer.from(lines)
    lines = ''
  }
  if (lines !== '') yield Buffer.from(lines)
}

/** Parses rows. Throws for a file that is not CSV, with the line. */
async function* rowsOf(chunks: AsyncIterable<Uint8Array>, head: string): AsyncGenerator<CsvRow> {
  const [first = ''] = head.split(/\r\n|\n|\r/)
  // Excel writes the separator into the first line of some files.
  const stated = /^"?sep=(.)"?$/.exec(first)?.[1]
  const options = {
    delimiter: stated ?? separatorOf(first),
    fromLine: stated === undefined ? 1 : 2,
    rowBytesMax: ROW_BYTES_MAX,
  }
  try {
    yield* csvRows(chunks, options)
  } catch (error) {
    throw error instanceof CsvUnreadable ? new Error(describeUnreadable(error)) : error
  }
}

function describeUnreadable({ problem, line }: CsvUnreadable): string {
  switch (problem) {
    case 'encoding':
      return 'this CSV file is not text in UTF-8. Save it as "CSV UTF-8", or convert it: iconv -f WINDOWS-1252 -t UTF-8 FILE'
    case 'open-quote':
      return `line ${line}: a quote is opened and not closed until the end of the file`
    case 'row-size':
      return `line ${line}: the row has more than 4 MiB; a quote may not be closed`
    case 'quotes':
      return `line ${line}: quotes are wrong: a cell with quotes is in quotes as a whole, and each quote in it is doubled`
  }
}

async function* draftsOf(rows: AsyncGenerator<CsvRow>, columns: CsvColumns): AsyncGenerator<Draft> {
  let last: Draft | undefined
  for await (const row of rows) {
    const draft = toDraft(row, columns)
    if (columns.pair !== undefined && last !== undefined && isSameResource(last, draft, columns)) {
      last.tags.push(...draft.tags)
      last.problem ??= draft.problem ?? differing(last, draft)
      continue
    }
    if (last !== undefined) yield last
    last = draft
  }
  if (last !== undefined) yield last
}

function toDraft(row: CsvRow, columns: CsvColumns): Draft {
  const { cells: record } = row
  const tags: Tag[] = []
  for (const { key, index, isAws } of columns.tags) {
    const cell = record[index] ?? ''
    // COMPAT: the Tag Editor of AWS writes this where a resource does not have the tag.
    const value = isAws && cell === NOT_TAGGED ? undefined : valueOfCell(cell)
    if (value !== undefined) tags.push({ key, value })
  }
  if (columns.pair !== undefined) {
    const [key, value] = [record[columns.pair.key] ?? '', record[columns.pair.value] ?? '']
    // Here an empty cell is the empty value: a tag that a resource does not have has no row.
    if (key !== '' || value !== '') tags.push({ key: textOf(key), value: valueOfCell(value) ?? '' })
  }
  return { row, head: toHead(record, columns), tags, problem: problemOf(record, columns) }
}

/** The members of a line apart from its tags, as JSON without the braces. */
function toHead(record: readonly string[], { members }: CsvColumns): string {
  const parts: string[] = []
  for (const [name, index] of members) {
    const cell = record[index] ?? ''
    if (cell === '') continue
    // JSON has no line breaks within texts, so those between its parts can go.
    const json = name === 'resource_detail' ? textOf(cell).replace(/[\r\n]+/g, ' ') : JSON.stringify(textOf(cell))
    parts.push(`"${name}":${json}`)
  }
  return parts.join(',')
}

function problemOf(record: readonly string[], { count, members }: CsvColumns): Problem | undefined {
  if (record.slice(count).some((cell) => cell !== '')) {
    const message = `the row has ${record.length} cells, and the first row names ${count}; a cell with a separator needs quotes.`
    return { field: 'line', rule: 'well-formed', message }
  }
  const index = members.get('resource_detail')
  const detail = index === undefined ? '' : textOf(record[index] ?? '')
  if (detail === '' || isJson(detail)) return undefined
  return { field: 'resource_detail', rule: 'well-formed', message: 'resource_detail: must be an object as JSON.' }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function isSameResource(a: Draft, b: Draft, { members }: CsvColumns): boolean {
  return ['resource_type', 'project', 'resource_id'].every((name) => {
    const index = members.get(name)
    return index === undefined || a.row.cells[index] === b.row.cells[index]
  })
}

/** Rows of one resource have the same data but for the tag. */
function differing(first: Draft, other: Draft): Problem | undefined {
  if (first.head === other.head) return undefined
  const message = `line ${other.row.line}: the row has other data than the one before, and is about the same resource.`
  return { field: 'line', rule: 'unique', message }
}

function toLine({ row, head, tags, problem }: Draft, places: Places): string {
  const record = places.add(row.line)
  if (problem !== undefined) {
    places.refuse({ record, ...problem })
    return '\n'
  }
  return `{${head}${head === '' ? '' : ','}"tags":${JSON.stringify(tags)}}\n`
}
