/** Where the engines' schemas differ. */
export type SchemaDialect = {
  /** Type of text columns, which are ordered and compared by code point. */
  readonly text: string
  /** Ends the definition of a table whose rows are stored in key order. */
  readonly clustered: string
  /** Type of a primary key of one number, by which SQLite orders the rows themselves. */
  readonly bigKey: string
  /** How a column that is computed from others is kept. */
  readonly generated: string
  /** Makes the engine number the rows where it can do so without a lock. */
  readonly numbered: string
}
