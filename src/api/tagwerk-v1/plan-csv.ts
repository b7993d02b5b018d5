import type { PlanLine } from '../../catalog/catalog.ts'
import { TimeSlice } from '../../catalog/time-slice.ts'
import { valueOfCell } from '../../core/csv-cells.ts'
import { DomainError, invalid } from '../../core/errors.ts'
import { IdSet } from '../../core/id-set.ts'
import { judgePatch } from '../../core/plan-item.ts'
import { type ResourceTypes, toResourceType } from '../../core/resource-types.ts'
import type { Tag } from '../../core/tag.ts'
import type { KeyPatch } from '../../core/tag-patch.ts'
import { type CsvProblem, type CsvRow, CsvUnreadable, csvRows } from '../../csv/csv-rows.ts'
import { LINE_BYTES_MAX } from './limits.ts'
import { atPlace, refuseRepeated } from './plan-file.ts'

/** Columns of an export that a plan does not change. */
const OTHER_COLUMNS = ['project', 'resource_name', 'created_at', 'updated_at', 'resource_detail']
const KNOWN = ['resource_type', 'resource_id', ...OTHER_COLUMNS]
const TAG_PREFIX = 'tag:'
/** Rows that are judged together. */
const ROWS_PER_BATCH = 250
/** Limit on a row: many columns, and a detail. */
const ROW_BYTES_MAX = LINE_BYTES_MAX * 16

/** The columns of a file, by their index. */
type Columns = {
  readonly type: number
  readonly id: number
  readonly tags: readonly { readonly key: string; readonly index: number }[]
  readonly count: number
}

/**
 * Reads CSV as an export writes it: the tags of each resource become those of its row, as far as the file has columns for
 * them. No cell is no tag. Throws for a column or a cell that breaks a rule; the errors name line and column.
 */
export async function* planLinesOfCsv(
  body: AsyncIterable<Uint8Array>,
  types: ResourceTypes,
  owner: string,
): AsyncGenerator<readonly PlanLine[]> {
  const rows = rowsOf(body)
  const { value: header, done } = await rows.next()
  if (done) throw new DomainError('body-missing')
  const columns = columnsOf(header.cells)
  const seen = new IdSet()
  const slice = new TimeSlice(owner, { isBulk: true })
  let batch: PlanLine[] = []
  for await (const row of rows) {
    if (slice.isOver) await slice.yield()
    const line = toLine(row, columns, types)
    refuseRepeated(seen, line, `line ${row.line}`)
    batch.push(line)
    if (batch.length < ROWS_PER_BATCH) continue
    yield batch
    batch = []
  }
  yield batch
}

async function* rowsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRow> {
  try {
    yield* csvRows(body, { delimiter: ',', fromLine: 1, rowBytesMax: ROW_BYTES_MAX })
  } catch (error) {
    throw error instanceof CsvUnreadable ? unreadable(error) : error
  }
}

const PROBLEMS: Readonly<Record<CsvProblem, string>> = {
  encoding: 'UTF-8',
  quotes: 'CSV, where a cell with quotes is in quotes as a whole and each quote in it is doubled',
  'open-quote': 'CSV, where each quote that is opened is closed',
  'row-size': `CSV with rows of at most ${ROW_BYTES_MAX} bytes; a quote may not be closed`,
}

function unreadable({ problem, line }: CsvUnreadable): DomainError {
  const field = problem === 'encoding' ? 'body' : `line ${line}`
  return invalid(field, { name: 'well-formed', what: PROBLEMS[problem] }, undefined, 'body-malformed')
}

function columnsOf(header: readonly string[]): Columns {
  const named = new Map<string, number>()
  const tags: { key: string; index: number }[] = []
  for (const [index, cell] of header.entries()) {
    const place = `line 1, column ${index + 1}`
    if (named.has(cell)) throw invalid(place, { name: 'unique' }, cell)
    named.set(cell, index)
    if (cell.startsWith(TAG_PREFIX)) {
      const key = cell.slice(TAG_PREFIX.length)
      if (key.trim() === '') throw invalid(place, { name: 'not-blank' }, cell)
      tags.push({ key, index })
    } else if (!KNOWN.includes(cell)) {
      throw invalid(place, { name: 'one-of', allowed: [...KNOWN, `${TAG_PREFIX}KEY`] }, cell)
    }
  }
  const [type, id] = [named.get('resource_type'), named.get('resource_id')]
  if (type === undefined || id === undefined) {
    const missing = type === undefined ? 'resource_type' : 'resource_id'
    throw invalid(`line 1: column ${missing}`, { name: 'required' })
  }
  return { type, id, tags, count: header.length }
}

function toLine({ cells, line }: CsvRow, columns: Columns, types: ResourceTypes): PlanLine {
  if (cells.slice(columns.count).some((cell) => cell !== '')) {
    throw invalid(`line ${line}`, { name: 'items-max', limit: columns.count }, cells.length)
  }
  const cellAt = (index: number) => cells[index] ?? ''
  const id = cellAt(columns.id)
  if (id === '') throw invalid(`line ${line}, column resource_id`, { name: 'required' })
  const type = inCell(line, 'resource_type', () => toResourceType(types, cellAt(columns.type), 'resource_type'))
  const wanted = columns.tags.map(({ key, index }) => ({ key, value: valueOfCell(cellAt(index)) }))
  return {
    type,
    id,
    judge: (state, rules) => ({ judgement: judgePatch(state, { keys: differing(wanted, state?.tags ?? []) }, rules) }),
  }
}

function inCell<T>(line: number, column: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw atPlace(error, `line ${line}, column ${column}`)
  }
}

/** The keys whose value in the row is another one than that of the resource. */
function differing(
  wanted: readonly { readonly key: string; readonly value: string | undefined }[],
  tags: readonly Tag[],
): readonly KeyPatch[] {
  const values = new Map(tags.map((tag) => [tag.key, tag.value]))
  return wanted.flatMap(({ key, value }) => {
    const expect = values.get(key)
    return expect === value ? [] : [{ key, expect, value }]
  })
}
