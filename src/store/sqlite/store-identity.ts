import type { SqlConnection } from '../sql/sql.ts'

/** What distinguishes the store of a data folder from others, and from its own earlier states. */
export type StoreIdentity = {
  /** Random, the same as long as the store exists. */
  readonly storeId: string
  /** How often the count was raised: by each transaction, or where a marker is kept by the last one before it is written. */
  readonly commits: number
}

// NOTE: The table is not in the migrations, because a PostgreSQL server keeps its own identity and log.
const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS store_identity (
  only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
  store_id TEXT NOT NULL,
  commits INTEGER NOT NULL
)`

/** Returns the identity in a database file; undefined when an older program has written it. */
export async function readIdentity(db: SqlConnection): Promise<StoreIdentity | undefined> {
  const table = await db.get(`SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'store_identity'`)
  if (table === undefined) return undefined
  const row = await db.get('SELECT store_id, commits FROM store_identity')
  return row === undefined ? undefined : { storeId: String(row.store_id), commits: Number(row.commits) }
}

/** Gives a store an identity, in the caller's transaction. */
export async function createIdentity(db: SqlConnection, storeId: string): Promise<void> {
  await db.run(CREATE_TABLE)
  await db.run('INSERT INTO store_identity (only_row, store_id, commits) VALUES (1, ?, 0)', storeId)
}

/** Raises the count, in a transaction. */
export const COUNT_COMMIT = 'UPDATE store_identity SET commits = commits + 1'

/** Gives a store another id, in the caller's transaction. */
export function renewIdentity(db: SqlConnection, storeId: string): Promise<void> {
  return db.run('UPDATE store_identity SET store_id = ?', storeId)
}
