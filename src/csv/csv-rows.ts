import { Readable } from 'node:stream'
import { type CsvError, type Options, parse } from 'csv-parse'

/** A row, and the number of the line on which it begins. */
export type CsvRow = { readonly cells: readonly string[]; readonly line: number }

/** What is wrong with a file: its encoding, a quote, a quote that is not closed, or the size of a row. */
export type CsvProblem = 'encoding' | 'quotes' | 'open-quote' | 'row-size'

/** CSV that cannot be read from a line on. */
export class CsvUnreadable extends Error {
  readonly problem: CsvProblem
  readonly line: number

  constructor(problem: CsvProblem, line: number) {
    super(`line ${line}: ${problem}`)
    this.name = 'CsvUnreadable'
    this.problem = problem
    this.line = line
  }
}

export type CsvReadOptions = {
  readonly delimiter: string
  /** The first line that is read. */
  readonly fromLine: number
  /** Limit on a row, which is kept in memory. */
  readonly rowBytesMax: number
}

/** Reads CSV in UTF-8, row by row. Throws CsvUnreadable; an error of the chunks is thrown as it is. */
export async function* csvRows(
  chunks: AsyncIterable<Uint8Array>,
  { delimiter, fromLine, rowBytesMax }: CsvReadOptions,
): AsyncGenerator<CsvRow> {
  // The parser counts a CRLF within quotes as two lines.
  let countedTwice = 0
  let lastLine = 0
  const toRow = (cells: readonly string[], { lines }: { readonly lines: number }): CsvRow => {
    const breaks = cells.join('').match(/\r\n|\n|\r/g) ?? []
    countedTwice += breaks.filter((each) => each === '\r\n').length
    lastLine = lines - countedTwice
    return { cells, line: lastLine - breaks.length }
  }
  const parser = parse({
    bom: true,
    delimiter,
    from_line: fromLine,
    max_record_size: rowBytesMax,
    // Its type allows a row of texts only.
    on_record: toRow as unknown as NonNullable<Options['on_record']>,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
  })
  const source = Readable.from(texts(chunks), { objectMode: false })
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  try {
    yield* parser as AsyncIterable<CsvRow>
  } catch (error) {
    throw toUnreadable(error as CsvError, countedTwice, lastLine)
  } finally {
    source.destroy()
  }
}

/** Decodes UTF-8. The parser would read other encodings as wrong characters without a word. */
async function* texts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const decode = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined })
    } catch {
      throw new CsvUnreadable('encoding', 1)
    }
  }
  for await (const chunk of chunks) yield decode(chunk)
  yield decode()
}

function toUnreadable(error: CsvError, countedTwice: number, lastLine: number): Error {
  if (error.code === undefined || !/^(CSV|INVALID)_/.test(error.code)) return error
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return new CsvUnreadable('open-quote', lastLine + 1)
  if (error.code === 'CSV_MAX_RECORD_SIZE') return new CsvUnreadable('row-size', lastLine + 1)
  return new CsvUnreadable('quotes', Number(error.lines) - countedTwice)
}
