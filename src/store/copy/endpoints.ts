// A test in `test/conformance` checks each sentence of the interfaces below on every engine.

/** A value of a column, the same on every engine. */
export type CopyValue = string | number | null

/** One row: values in the order of the table's columns. */
export type CopyRow = readonly CopyValue[]

/** A table of the schema. The first `keyLength` columns are its primary key. */
export type CopyTable = {
  readonly name: string
  readonly columns: readonly string[]
  readonly keyLength: number
  /** See `BatchDelete`. */
  readonly partition?: string
  /** A key column of numbers beyond the safe integers, which are copied as texts. */
  readonly bigKey?: string
}

/** The whole contents of a store as rows, the same on every engine. */
export interface CopySource {
  /** Returns the number of rows of a table. */
  countRows(table: CopyTable): Promise<number>

  /**
   * Returns every row of a table once, in batches, in an order that depends on the engine.
   * All reads of a source see one snapshot: later commits are not in it.
   */
  rowsOf(table: CopyTable): AsyncIterable<readonly CopyRow[]>

  /** Returns the row of each key, undefined where there is none. */
  rowsWith(table: CopyTable, keys: readonly CopyRow[]): Promise<readonly (CopyRow | undefined)[]>

  /** Starts a new snapshot, which contains every commit before the call. */
  renew(): Promise<void>

  /** Closes the connection. A second call does nothing. */
  close(): Promise<void>
}

/**
 * A store that is the target of a copy.
 * It must be empty, or be left unfinished by an earlier copy, whose rows it keeps.
 * Until the copy is finished only another copy can open the store, and two copies cannot run at once.
 */
export interface CopyTarget extends Omit<CopySource, 'renew'> {
  /**
   * Removes the rows of some keys and then adds rows, in one transaction.
   * It returns when the result is durable; reads see it from then on.
   */
  write(table: CopyTable, removedKeys: readonly CopyRow[], added: readonly CopyRow[]): Promise<void>

  /** Marks the copy as complete, so that the store can be opened. */
  finish(): Promise<void>
}
