/** A value that both engines can bind and give back. */
export type SqlValue = string | number | null

export type Row = Record<string, SqlValue>

/**
 * The little that the statements need from an engine. Parameters are written `?`; a driver whose engine writes them
 * otherwise translates.
 */
export interface SqlConnection {
  /** All rows of a statement. */
  all(sql: string, ...params: readonly SqlValue[]): Promise<readonly Row[]>
  /** The first row of a statement, undefined when there is none. */
  get(sql: string, ...params: readonly SqlValue[]): Promise<Row | undefined>
  /** Runs one statement once for each set of parameters, and gives the first row of each run. */
  getEach(sql: string, paramSets: readonly (readonly SqlValue[])[]): Promise<readonly (Row | undefined)[]>
  /** Runs one statement once for each set of parameters. */
  runEach(sql: string, paramSets: readonly (readonly SqlValue[])[]): Promise<void>
}

/** Runs a statement that gives no rows, once. */
export async function run(db: SqlConnection, sql: string, ...params: readonly SqlValue[]): Promise<void> {
  await db.runEach(sql, [params])
}
