import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { COPY_TABLES } from '../../src/store/copy/tables.ts'
import { openConnection } from '../../src/store/postgres/schema.ts'
import { type BatchStatement, parameterColumns } from '../../src/store/sql/batch-statement.ts'
import { BATCH_STATEMENTS } from '../../src/store/sql/batch-statements.ts'
import type { Row, SqlConnection, SqlValue } from '../../src/store/sql/sql.ts'
import { SqliteConnection } from '../../src/store/sqlite/connection.ts'
import { openLocation, TEST_LOCATIONS, type TestLocation } from './locations.ts'

// Every batch statement, executed on every engine for one and for several sets of parameters.

type Connection = { readonly db: SqlConnection; settle(): Promise<void>; close(): Promise<void> }

async function connect({ at }: TestLocation): Promise<Connection> {
  if (at.engine === 'sqlite') {
    const db = new SqliteConnection(`${at.folder}/tagwerk.sqlite`, { readOnly: false })
    return { db, settle: async () => undefined, close: async () => db.close() }
  }
  const { db, end } = await openConnection(at, 'copy')
  return { db, settle: () => db.settle(), close: end }
}

function columnsOf(table: string): readonly string[] {
  const known = COPY_TABLES.find(({ name }) => name === table)
  if (known === undefined) throw new Error(`no table ${table}`)
  return known.columns
}

/** A value that fits a column, one for each row `i`; all rows are of one project. The column may be that of a join. */
function sampleValue(column: string, i: number): SqlValue {
  const [name = ''] = column.replace(/^\w+\./, '').split(' AS ')
  if (name === 'project_id' || name === 'owner_project_id') return 'project'
  if (name === 'project_no') return 0
  return /(^|_)(ms|sequence|revision|place|log_key|day|resources|tagged|valid)$/.test(name) ? i : `${name} ${i} \0`
}

function rowOf(columns: readonly string[], i: number): Row {
  const named = columns.map((column) => [column.replace(/^.* AS |^\w+\./, ''), sampleValue(column, i)])
  return Object.fromEntries(named) as Row
}

describe.each(TEST_LOCATIONS)('in %s', (_engine, makeLocation) => {
  let location: TestLocation
  let connection: Connection
  beforeAll(async () => {
    location = await makeLocation()
    await (await openLocation(location)).close()
    connection = await connect(location)
  })
  beforeEach(() => location.empty())
  afterAll(async () => {
    await connection.close()
    await location.dispose()
  })

  /** Inserts rows 1 to 3 without a batch. */
  async function insertRows(table: string): Promise<void> {
    // The rows of a join fit together.
    if (table.includes(' JOIN ')) {
      await insertRows('resource')
      return insertRows('change_log')
    }
    const columns = columnsOf(table)
    const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
    for (const i of [1, 2, 3]) await connection.db.run(sql, ...columns.map((column) => sampleValue(column, i)))
    await connection.settle()
  }

  /** The rows of a table as the engine returns them, in any order. */
  async function rowsOf(table: string): Promise<Set<string>> {
    const rows = await connection.db.all(`SELECT ${columnsOf(table).join(', ')} FROM ${table}`)
    return new Set(rows.map((row) => JSON.stringify(row)))
  }

  /** Executes a statement for some sets of parameters, and checks the rows that it selects or leaves. */
  async function check(statement: BatchStatement, sets: readonly (readonly SqlValue[])[], expected: readonly Row[]) {
    if (statement.kind === 'select') {
      expect((await connection.db.getBatch(statement, sets)).map(asPlain)).toEqual(expected)
      return
    }
    await connection.db.runBatch(statement, sets)
    await connection.settle()
    expect(await rowsOf(statement.table)).toEqual(new Set(expected.map((row) => JSON.stringify(row))))
  }

  const asPlain = (row: Row | undefined) => {
    if (row === undefined) return {}
    const { param_set: _number, ...columns } = row
    return columns
  }

  const byName = Object.entries(BATCH_STATEMENTS)
  const named = (kind: BatchStatement['kind']) =>
    byName
      .flatMap(([name, statement]) => [1, 2].map((count) => [name, count, statement] as const))
      .filter(([, , statement]) => statement.kind === kind)
  const paramsOf = (statement: BatchStatement, key: number, value = key) =>
    parameterColumns(statement).map((column) =>
      sampleValue(column, 'keys' in statement && statement.keys.includes(column) ? key : value),
    )

  it.each(named('select'))('%s returns the row of each set of parameters (%i)', async (_n, count, statement) => {
    if (statement.kind !== 'select') throw new Error(statement.kind)
    await insertRows(statement.table)
    const keys = [3, 9, 1].slice(0, count === 1 ? 1 : 3)
    const rows = keys.map((key) => (key === 9 ? {} : rowOf(statement.columns, key)))
    await check(
      statement,
      keys.map((key) => paramsOf(statement, key)),
      rows,
    )
  })

  it.each(named('insert'))('%s inserts a row for each of %i sets of parameters', async (_name, count, statement) => {
    const keys = [1, 2].slice(0, count)
    await check(
      statement,
      keys.map((key) => paramsOf(statement, key)),
      keys.map((key) => rowOf(columnsOf(statement.table), key)),
    )
  })

  it.each(named('update'))('%s changes the row of each of %i sets of parameters', async (_name, count, statement) => {
    if (statement.kind !== 'update') throw new Error(statement.kind)
    await insertRows(statement.table)
    const keys = [1, 2].slice(0, count)
    const columns = columnsOf(statement.table)
    await check(
      statement,
      keys.map((key) => paramsOf(statement, key, key + 100)),
      [1, 2, 3].map((key) => {
        const changed = Object.fromEntries(statement.set.map((column) => [column, sampleValue(column, key + 100)]))
        return keys.includes(key) ? { ...rowOf(columns, key), ...changed } : rowOf(columns, key)
      }),
    )
  })

  it.each(named('upsert'))(
    '%s inserts or changes the row of each of %i sets of parameters',
    async (_n, count, statement) => {
      if (statement.kind !== 'upsert') throw new Error(statement.kind)
      await insertRows(statement.table)
      // One new row, twice, so that the second set changes what the first inserted.
      const sets = [paramsOf(statement, 4, 100), paramsOf(statement, 4, 101), paramsOf(statement, 1, 102)]
      const columns = columnsOf(statement.table)
      const changed = (key: number, value: number) => ({
        ...rowOf(columns, key),
        ...Object.fromEntries(statement.set.map((column) => [column, sampleValue(column, value)])),
      })
      await check(
        statement,
        sets.slice(0, count === 1 ? 1 : 3),
        count === 1
          ? [rowOf(columns, 1), rowOf(columns, 2), rowOf(columns, 3), changed(4, 100)]
          : [changed(1, 102), rowOf(columns, 2), rowOf(columns, 3), changed(4, 101)],
      )
    },
  )

  it.each(named('delete'))('%s deletes the row of each of %i sets of parameters', async (_name, count, statement) => {
    await insertRows(statement.table)
    const keys = [1, 2].slice(0, count)
    await check(
      statement,
      [...keys, 9].map((key) => paramsOf(statement, key)),
      [1, 2, 3].filter((key) => !keys.includes(key)).map((key) => rowOf(columnsOf(statement.table), key)),
    )
  })

  it('a batch without sets of parameters does nothing', async () => {
    for (const [, statement] of byName) {
      if (statement.kind === 'select') expect(await connection.db.getBatch(statement, [])).toEqual([])
      else await connection.db.runBatch(statement, [])
    }
    await connection.settle()
  })

  it('a batch over several projects reaches the rows of each', async () => {
    const { SELECT_RESOURCE, INSERT_RESOURCE } = BATCH_STATEMENTS
    if (SELECT_RESOURCE?.kind !== 'select' || INSERT_RESOURCE?.kind !== 'insert') throw new Error('other kinds')
    const inProject = (statement: BatchStatement, project: number) =>
      parameterColumns(statement).map((column) => (/project_no$/.test(column) ? project : sampleValue(column, 1)))
    await connection.db.runBatch(INSERT_RESOURCE, [inProject(INSERT_RESOURCE, 1), inProject(INSERT_RESOURCE, 2)])
    const keys = [2, 9, 1].map((project) => inProject(SELECT_RESOURCE, project))
    const row = { resource_id: 'resource_id 1 \0', sequence: 1, revision: 1, tags: null }
    const found = (await connection.db.getBatch(SELECT_RESOURCE, keys)).map(asPlain)
    expect(found).toEqual([expect.objectContaining(row), {}, expect.objectContaining(row)])
  })
})
