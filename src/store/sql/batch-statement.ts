// A statement that runs for many sets of parameters is data, so that each engine can print it: for one set of
// parameters at a time, or, where round trips are expensive, for all sets at once.

/** Columns of numbers whose values do not tell their type: in every set of parameters they may be null, or texts. */
type Numbers = readonly string[]

type OnRows = {
  readonly table: string
  /** Columns that together identify one row. */
  readonly keys: readonly string[]
  /**
   * The key by which a distributed database spreads the table over machines. An engine combines only parameter sets
   * that agree in it.
   */
  readonly partition?: string
  readonly numbers?: Numbers
}

/** Selects columns of the row with given keys. Parameters: the keys. */
export type BatchSelect = OnRows & { readonly kind: 'select'; readonly columns: readonly string[] }

/** Inserts a row. Parameters: the columns. */
export type BatchInsert = {
  readonly kind: 'insert'
  readonly table: string
  readonly columns: readonly string[]
  readonly numbers?: Numbers
}

/** Inserts a row, or sets `set` where the keys exist already. Parameters: the keys, then `set`. */
export type BatchUpsert = OnRows & { readonly kind: 'upsert'; readonly set: readonly string[] }

/** Sets columns of the rows with given keys. Parameters: `set`, then the keys. */
export type BatchUpdate = OnRows & { readonly kind: 'update'; readonly set: readonly string[] }

/** Deletes the rows with given keys. Parameters: the keys. */
export type BatchDelete = OnRows & { readonly kind: 'delete' }

export type BatchWrite = BatchInsert | BatchUpsert | BatchUpdate | BatchDelete

export type BatchStatement = BatchSelect | BatchWrite

/** The columns of a statement's parameters, in order. */
export function parameterColumns(statement: BatchStatement): readonly string[] {
  switch (statement.kind) {
    case 'insert':
      return statement.columns
    case 'upsert':
      return [...statement.keys, ...statement.set]
    case 'update':
      return [...statement.set, ...statement.keys]
    default:
      return statement.keys
  }
}

const texts = new WeakMap<BatchStatement, string>()

/** Prints a statement for one set of parameters, in SQL that both engines accept. Parameters are written `?`. */
export function statementText(statement: BatchStatement): string {
  let text = texts.get(statement)
  if (text === undefined) {
    text = print(statement)
    texts.set(statement, text)
  }
  return text
}

function print(statement: BatchStatement): string {
  const { kind, table } = statement
  switch (kind) {
    case 'select':
      return `SELECT ${statement.columns.join(', ')} FROM ${table} WHERE ${equalities(statement.keys, ' AND ')}`
    case 'insert':
      return insertText(table, statement.columns)
    case 'upsert': {
      const assignments = statement.set.map((column) => `${column} = excluded.${column}`).join(', ')
      const insert = insertText(table, parameterColumns(statement))
      return `${insert} ON CONFLICT (${statement.keys.join(', ')}) DO UPDATE SET ${assignments}`
    }
    case 'update':
      return `UPDATE ${table} SET ${equalities(statement.set, ', ')} WHERE ${equalities(statement.keys, ' AND ')}`
    case 'delete':
      return `DELETE FROM ${table} WHERE ${equalities(statement.keys, ' AND ')}`
  }
}

function insertText(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
}

function equalities(columns: readonly string[], separator: string): string {
  return columns.map((column) => `${column} = ?`).join(separator)
}
