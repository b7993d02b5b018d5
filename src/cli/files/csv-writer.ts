import { stringify } from 'csv-stringify'
import { cellOf, cellOfValue } from '../../core/csv-cells.ts'

/** A line of an export. */
export type ExportedResource = {
  readonly resource_type: string
  readonly project: string
  readonly resource_id: string
  readonly resource_name: string
  readonly created_at: string
  readonly updated_at: string
  readonly resource_detail: object
  readonly tags: readonly { readonly key: string; readonly value: string }[]
}

/** Columns before and after those of the tags. */
const COLUMNS_BEFORE = ['resource_type', 'project', 'resource_id', 'resource_name'] as const
const COLUMNS_AFTER = ['created_at', 'updated_at', 'resource_detail'] as const

/** Limit on the columns of a file: that of Excel. */
export const COLUMNS_MAX = 16_384
/** Limit on the keys of a file. */
export const KEYS_MAX = COLUMNS_MAX - COLUMNS_BEFORE.length - COLUMNS_AFTER.length

/** Gives the rows of a file, the names of the columns first. Each of the keys, which are all that occur, gets a column. */
export async function* csvRows(
  resources: AsyncIterable<ExportedResource>,
  keys: ReadonlySet<string>,
): AsyncGenerator<readonly string[]> {
  const sorted = [...keys].sort()
  yield [...COLUMNS_BEFORE, ...sorted.map((key) => `tag:${key}`), ...COLUMNS_AFTER]
  for await (const resource of resources) yield rowOf(resource, sorted)
}

/**
 * CSV by RFC 4180, with a byte order mark: without one, Excel does not read UTF-8. Readers take a single CR or LF for the
 * end of a row as well, so cells with one are quoted.
 */
export const CSV_FORM = { bom: true, record_delimiter: '\r\n', quoted_match: /[\r\n]/ } as const

/** Gives a stream that turns rows into CSV. */
export function csvStringifier() {
  return stringify(CSV_FORM)
}

function rowOf(resource: ExportedResource, keys: readonly string[]): string[] {
  const values = new Map(resource.tags.map(({ key, value }) => [key, value]))
  return [
    ...COLUMNS_BEFORE.map((name) => cellOf(resource[name])),
    ...keys.map((key) => cellOfValue(values.get(key))),
    ...[resource.created_at, resource.updated_at, JSON.stringify(resource.resource_detail)].map(cellOf),
  ]
}
