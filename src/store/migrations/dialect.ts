/** Where the engines' schemas differ. */
export type SchemaDialect = {
  /** Type of text columns, which are ordered and compared by code point. */
  readonly text: string
  /** Ends the definition of a table whose rows are stored in key order. */
  readonly clustered: string
}
