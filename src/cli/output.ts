import type { Command } from 'commander'
import { Option } from 'commander'
import { stringify } from 'csv-stringify/sync'
import { cellOf } from '../core/csv-cells.ts'
import { type ColorWhen, colorOption } from './colors.ts'
import { CSV_FORM } from './files/csv-writer.ts'
import { type Io, writeData, writeJson } from './io.ts'
import { writeTable } from './table.ts'

/** The parsed options of the form of an output. */
export type OutputOptions = { readonly json?: true; readonly csv?: true; readonly color?: ColorWhen }

/** A result in the forms that a command prints. */
export type Printed = {
  readonly json: unknown
  /** Names of the columns as the head of a table shows them, such as `DOMAIN ID`. */
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Declares `--json`, `--csv` and `--color`. `what` is printed as JSON. */
export function declareOutput(command: Command, what: string): Command {
  return command
    .addOption(new Option('--json', `print ${what} as JSON`).conflicts('csv'))
    .addOption(new Option('--csv', 'print the rows as CSV, for a spreadsheet program'))
    .addOption(colorOption())
}

/** Prints a result as JSON, as CSV or as a table. */
export async function print(io: Io, { json, csv, color }: OutputOptions, printed: Printed): Promise<void> {
  if (json) await writeJson(io.stdout, printed.json)
  else if (csv) await writeCsv(io, printed.head.map(columnName), printed.rows)
  else await writeTable(io, printed.head, printed.rows, color)
}

/** Prints rows as CSV, see `cellOf`. */
export async function writeCsv(
  io: Io,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<void> {
  await writeData(io.stdout, csvText([columns, ...rows.map((row) => row.map(cellOf))]))
}

/** Gives rows of cells as CSV. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return stringify(rows as string[][], CSV_FORM)
}

function columnName(head: string): string {
  return head.toLowerCase().replaceAll(/[ -]/g, '_')
}
