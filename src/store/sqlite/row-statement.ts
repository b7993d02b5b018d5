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

  /** Gives rows whose first column, which is left out, is their place in the result. Other places are undefined. */
  allAtPlaces(params: Params, places: number): readonly (Row | undefined)[] {
    const rows = Array.from({ length: places }, (): Row | undefined => undefined)
    const found = this.#statement.all(...params) as unknown as SqlValue[][]
    for (const values of found) rows[Number(values[0])] = this.#toRow(values, 1)
    return rows
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

  #toRow(values: readonly SqlValue[], from = 0): Row {
    this.#columns ??= this.#statement.columns().map(({ name }) => name)
    const row: Row = {}
    for (let i = from; i < values.length; i++) row[this.#columns[i] as string] = values[i] as SqlValue
    return row
  }
}
