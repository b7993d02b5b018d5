import type { BatchSelect, BatchWrite } from './batch-statement.ts'

/** A value that both engines can bind and return. */
export type SqlValue = string | number | null

export type Row = Record<string, SqlValue>

/** The values of one execution of a statement, in the order of its parameters. */
export type Params = readonly SqlValue[]

/**
 * What the statements need from an engine. SQL text that both engines accept writes parameters as `?`; statements that
 * run for many rows are data, which each engine prints for itself.
 */
export interface SqlConnection {
  /** Ends a query whose row must stay as it is until the transaction ends. */
  readonly rowLock: string
  /** The number of the next project, as a value in an INSERT. */
  readonly nextProjectNo: string
  /** Returns all rows of a query. */
  all(sql: string, ...params: Params): Promise<readonly Row[]>
  /** Returns the first row of a query, undefined when there is none. */
  get(sql: string, ...params: Params): Promise<Row | undefined>
  /** Executes a statement that returns no rows. */
  run(sql: string, ...params: Params): Promise<void>
  /** Executes a query once per set of parameters, and returns the row that each set selects, if any. */
  getBatch(statement: BatchSelect, paramSets: readonly Params[]): Promise<readonly (Row | undefined)[]>
  /** Executes a write once per set of parameters. */
  runBatch(statement: BatchWrite, paramSets: readonly Params[]): Promise<void>
}
