import type { StatementSync } from 'node:sqlite'
import type { Params, Row, SqlValue } from '../sql/sql.ts'

/**
 * A prepared statement that gives rows as objects. node:sqlite gives it arrays: its own objects take twice the time, for
 * the names of all columns again in each row of `get`, and because V8 reads their properties slowly.
 */
export class RowStatement {
  readonly #statement: StatementSync
  #columns: readonly string[] | undefined

  constructor(statement: StatementSync) {
    this.#statement = statement
    statement.setReturnArrays(true)
  }

  all(params: Params): readonly Row[] {
    return (this.#statement.all(...params) as unknown as SqlValue[][]).map((values) => this.#toRow(values))
  }

  get(params: Params): Row | undefined {
    const values = this.#statement.get(...params) as SqlValue[] | undefined
    return values && this.#toRow(values)
  }

  *iterate(): Generator<Row> {
    for (const values of this.#statement.iterate() as Iterable<unknown>) yield this.#toRow(values as SqlValue[])
  }

  run(params: Params): void {
    this.#statement.run(...params)
  }

  #toRow(values: readonly SqlValue[]): Row {
    this.#columns ??= this.#statement.columns().map(({ name }) => name)
    const row: Row = {}
    for (let i = 0; i < values.length; i++) row[this.#columns[i] as string] = values[i] as SqlValue
    return row
  }
}
