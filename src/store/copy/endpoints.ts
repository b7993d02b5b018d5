// Each sentence in a comment of an interface below is held by a test of `test/conformance`, on every engine.

/** What a column holds, the same on every engine. */
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
}

/** Everything that a store holds, as rows: what is carried from one store to another, whatever their engines. */
export interface CopySource {
  /** Says how many rows a table holds. */
  countRows(table: CopyTable): Promise<number>

  /**
   * Gives every row of a table once, in batches, in an order of the engine's own.
   * All that a source gives is one snapshot: what is committed later does not show.
   */
  rowsOf(table: CopyTable): AsyncIterable<readonly CopyRow[]>

  /** Gives for each key the row that has it, undefined where there is none. */
  rowsWith(table: CopyTable, keys: readonly CopyRow[]): Promise<readonly (CopyRow | undefined)[]>

  /** Goes on to a fresh snapshot: what was committed before the call shows from then on. */
  renew(): Promise<void>

  /** Lets go of everything. A second call does nothing. */
  close(): Promise<void>
}

/**
 * A store that is copied into.
 * Only an empty one can be, or one that an earlier copy has left unfinished, with the rows that are in it.
 * Until the copy is finished nothing else opens the store, and no two copy into it at once.
 */
export interface CopyTarget extends Omit<CopySource, 'renew'> {
  /**
   * Removes the rows that have a key, and then adds rows: all of it or nothing.
   * It returns only when the result is durable, and it shows from then on.
   */
  write(table: CopyTable, removedKeys: readonly CopyRow[], added: readonly CopyRow[]): Promise<void>

  /** Opens the store to everybody: the copy is whole. */
  finish(): Promise<void>
}
