import { COPY_MARK, SCHEMA_VERSION, throwIfNewer } from '../migrate.ts'
import type { BatchDelete, BatchInsert, BatchSelect } from '../sql/batch-statement.ts'
import type { Row, SqlConnection } from '../sql/sql.ts'
import type { CopyRow, CopySource, CopyTable } from './endpoints.ts'
import { COPY_TABLES } from './tables.ts'

const ROWS_PER_BATCH = 1000

/** Reads of whole tables over one connection of either engine. */
export function copyReads(db: SqlConnection): Pick<CopySource, 'countRows' | 'rowsOf' | 'rowsWith'> {
  return {
    async countRows({ name }) {
      return Number((await db.get(`SELECT count(*) AS number FROM ${name}`))?.number)
    },

    async *rowsOf(table) {
      const { name } = table
      const key = keyColumns(table).map((column) => `${name}.${column}`)
      const all = `SELECT ${readColumns(table).join(', ')} FROM ${name}`
      const inOrder = `ORDER BY ${key.join(', ')} LIMIT ${ROWS_PER_BATCH}`
      const after = `WHERE (${key.join(', ')}) > (${key.map(() => '?').join(', ')})`
      let rows = toRows(table, await db.all(`${all} ${inOrder}`))
      while (rows.length > 0) {
        yield rows
        if (rows.length < ROWS_PER_BATCH) return
        const last = rows.at(-1) as CopyRow
        rows = toRows(table, await db.all(`${all} ${after} ${inOrder}`, ...keyOf(table, last)))
      }
    },

    async rowsWith(table, keys) {
      const rows = await db.getBatch(selectRow(table), keys)
      return rows.map((row) => (row === undefined ? undefined : toRow(table, row)))
    },
  }
}

/** Removes and adds rows, in the caller's transaction. */
export async function writeRows(
  db: SqlConnection,
  table: CopyTable,
  removedKeys: readonly CopyRow[],
  added: readonly CopyRow[],
): Promise<void> {
  await db.runBatch(deleteRow(table), removedKeys)
  // Rows are grouped by their non-null columns: PostgreSQL derives the type of a column's array from its values.
  const byColumns = Map.groupBy(added, (row) => table.columns.filter((_column, i) => row[i] !== null).join(' '))
  for (const [columns, rows] of byColumns) {
    const insert: BatchInsert = { kind: 'insert', table: table.name, columns: columns.split(' '), ...numbersOf(table) }
    await db.runBatch(
      insert,
      rows.map((row) => row.filter((value) => value !== null)),
    )
  }
}

/** Returns the primary key of a row. */
export function keyOf({ keyLength }: CopyTable, row: CopyRow): CopyRow {
  return row.slice(0, keyLength)
}

/** Throws unless a store is complete and has this program's schema version. */
export function requireCurrentSchema(version: number): void {
  throwIfNewer(version)
  if (version === 0) throw new Error('there is no data of Tagwerk')
  throwIfOlder(version)
}

/**
 * Marks a store as the target of an unfinished copy, in the caller's transaction. `version` is its schema version; an
 * empty store is migrated first. Throws when the store holds other data or has another schema version.
 */
export async function markAsTarget(
  db: SqlConnection,
  version: number,
  migrateSchema: () => Promise<void>,
): Promise<void> {
  if (version === COPY_MARK + SCHEMA_VERSION) return
  throwIfNewer(version)
  if (version === 0) await migrateSchema()
  else throwIfOlder(version)
  for (const { name } of COPY_TABLES) {
    if ((await db.get(`SELECT 1 AS found FROM ${name} LIMIT 1`)) !== undefined) {
      throw new Error(`there is other data (in table ${name}): only an empty store can be copied into`)
    }
  }
  await setVersion(db, COPY_MARK + SCHEMA_VERSION)
}

/** Removes the mark of an unfinished copy, in the caller's transaction. */
export function unmarkTarget(db: SqlConnection): Promise<void> {
  return setVersion(db, SCHEMA_VERSION)
}

function setVersion(db: SqlConnection, version: number): Promise<void> {
  return db.run('UPDATE schema_version SET version = ?', version)
}

function throwIfOlder(version: number): void {
  if (version === SCHEMA_VERSION) return
  throw new Error(
    `the schema is number ${version}, and this Tagwerk needs ${SCHEMA_VERSION}: run "tagwerk migrate" first`,
  )
}

/** The columns as they are read: a number beyond the safe integers as a text. */
function readColumns({ name, columns, bigKey }: CopyTable): readonly string[] {
  return columns.map((column) => (column === bigKey ? `CAST(${name}.${column} AS TEXT) AS ${column}` : column))
}

function numbersOf({ bigKey }: CopyTable): { readonly numbers?: readonly string[] } {
  return bigKey === undefined ? {} : { numbers: [bigKey] }
}

function keyColumns({ columns, keyLength }: CopyTable): readonly string[] {
  return columns.slice(0, keyLength)
}

function selectRow(table: CopyTable): BatchSelect {
  return { ...rowsOfTable(table), kind: 'select', columns: readColumns(table) }
}

function deleteRow(table: CopyTable): BatchDelete {
  return { ...rowsOfTable(table), kind: 'delete' }
}

function rowsOfTable(table: CopyTable): Omit<BatchDelete, 'kind'> {
  const rows = { table: table.name, keys: keyColumns(table), ...numbersOf(table) }
  return table.partition === undefined ? rows : { ...rows, partition: table.partition }
}

function toRows(table: CopyTable, rows: readonly Row[]): readonly CopyRow[] {
  return rows.map((row) => toRow(table, row))
}

function toRow({ columns }: CopyTable, row: Row): CopyRow {
  return columns.map((column) => row[column] ?? null)
}
