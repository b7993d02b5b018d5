import type { SqlConnection } from '../sql/sql.ts'

/** Returns the schema version of a database file, 0 when there is none. */
export async function readSqliteVersion(db: SqlConnection): Promise<number> {
  const table = await db.get(`SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'`)
  if (table === undefined) return 0
  return Number((await db.get('SELECT version FROM schema_version'))?.version ?? 0)
}
