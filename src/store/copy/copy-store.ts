import { createHash, hash } from 'node:crypto'
import type { CopyRow, CopySource, CopyTable, CopyTarget } from './endpoints.ts'
import { keyOf } from './sql-endpoints.ts'
import { CHANGE_DETECTION_TABLES, COPY_TABLES, LOG_TABLE } from './tables.ts'

/** The outcome for one table: its rows, and how many of them this run added and removed. */
export type CopiedTable = {
  readonly name: string
  readonly rows: number
  readonly added: number
  readonly removed: number
}

/** The outcome of a copy. `digest` is equal for two stores of the same contents, whatever their engines. */
export type CopyReport = { readonly digest: string; readonly tables: readonly CopiedTable[] }

/** Called with the progress. Each row counts twice: it is copied and then verified. */
export type OnCopied = (rowsDone: number, rowsTotal: number) => void

/**
 * Copies a source into a target row by row. Correct rows of an earlier, interrupted copy are kept, so a copy can be
 * resumed by running it again. Finishes the target when both have the same digest and the source has not changed
 * meanwhile; otherwise throws, and the target stays unfinished.
 */
export async function copyStore(source: CopySource, target: CopyTarget, onCopied: OnCopied): Promise<CopyReport> {
  let rowsTotal = 0
  for (const table of COPY_TABLES) rowsTotal += 2 * (await source.countRows(table))
  let rowsDone = 0
  const count = (rows: number) => {
    rowsDone += rows
    onCopied(rowsDone, rowsTotal)
  }
  const copied: (CopiedTable & { readonly digest: string })[] = []
  for (const table of COPY_TABLES) copied.push(await copyTable(source, target, table, count))
  for (const [i, table] of COPY_TABLES.entries()) {
    const targetDigest = await digestOf(target, table, count)
    const { digest } = copied[i] as { digest: string }
    if (targetDigest !== digest) {
      throw new Error(
        `the copy differs from its source: table ${table.name} has the digest ${targetDigest} instead of ${digest}`,
      )
    }
  }
  await source.renew()
  for (const table of [...CHANGE_DETECTION_TABLES, LOG_TABLE]) {
    if (
      await isUnchanged(
        source,
        table,
        copied.find(({ name }) => name === table.name),
      )
    )
      continue
    throw new Error(
      `the source has changed while it was copied (table ${table.name}): stop the nodes that write to it, and run the ` +
        'same copy again; it copies only the differences',
    )
  }
  await target.finish()
  return { digest: digestOfAll(copied), tables: copied.map(({ digest: _digest, ...table }) => table) }
}

/** Removes wrong rows of the target before it adds missing ones, so that no unique key collides. */
async function copyTable(
  source: CopySource,
  target: CopyTarget,
  table: CopyTable,
  count: (rows: number) => void,
): Promise<CopiedTable & { readonly digest: string }> {
  let removed = 0
  let kept = 0
  for await (const rows of target.rowsOf(table)) {
    const keys = rows.map((row) => keyOf(table, row))
    const wanted = await source.rowsWith(table, keys)
    const wrong = keys.filter((_key, i) => !isSame(rows[i] as CopyRow, wanted[i]))
    if (wrong.length > 0) await target.write(table, wrong, [])
    removed += wrong.length
    kept += rows.length - wrong.length
  }
  const digest = new RowsDigest()
  let added = 0
  for await (const rows of source.rowsOf(table)) {
    digest.add(rows)
    const keys = rows.map((row) => keyOf(table, row))
    const present = kept === 0 ? [] : await target.rowsWith(table, keys)
    const missing = rows.filter((_row, i) => present[i] === undefined)
    if (missing.length > 0) await target.write(table, [], missing)
    added += missing.length
    count(rows.length)
  }
  return { name: table.name, rows: digest.rows, added, removed, digest: digest.text }
}

/** Of the log, the number of rows is compared. */
async function isUnchanged(
  source: CopySource,
  table: CopyTable,
  copied: { rows: number; digest: string } | undefined,
): Promise<boolean> {
  if (table === LOG_TABLE) return (await source.countRows(table)) === copied?.rows
  return (await digestOf(source, table)) === copied?.digest
}

async function digestOf(
  from: Pick<CopySource, 'rowsOf'>,
  table: CopyTable,
  count: (rows: number) => void = () => undefined,
): Promise<string> {
  const digest = new RowsDigest()
  for await (const rows of from.rowsOf(table)) {
    digest.add(rows)
    count(rows.length)
  }
  return digest.text
}

function digestOfAll(tables: readonly { readonly name: string; readonly digest: string }[]): string {
  const whole = createHash('sha256')
  for (const { name, digest } of tables) whole.update(`${name} ${digest}\n`)
  return `sha256:${whole.digest('hex')}`
}

function isSame(a: CopyRow, b: CopyRow | undefined): boolean {
  return b !== undefined && a.every((value, i) => value === b[i])
}

/**
 * A digest that does not depend on the order of the rows, which differs by engine: their number, and the sum of their
 * hashes.
 */
class RowsDigest {
  rows = 0
  #sum = 0n

  add(rows: readonly CopyRow[]): void {
    this.rows += rows.length
    for (const row of rows) this.#sum += BigInt(`0x${hash('sha256', JSON.stringify(row))}`)
    this.#sum = BigInt.asUintN(256, this.#sum)
  }

  get text(): string {
    return `${this.rows}:${this.#sum.toString(16).padStart(64, '0')}`
  }
}
