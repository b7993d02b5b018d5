import type { Resource } from '../../core/resource.ts'
import type { ResourceType } from '../../core/resource-type.ts'
import type { Change } from '../store.ts'
import { toChange, toResource } from './rows.ts'
import type { SqlConnection } from './sql.ts'

/** Rows that are read at a time: while SQLite reads them, and while they are taken apart, nothing else goes on. */
const SCAN_BATCH = 250

/** The statements that read resources and their change log, over one connection of either engine. */
export function tagReads(db: SqlConnection) {
  return {
    async getRevision(project: string): Promise<number> {
      const row = await db.get('SELECT revision FROM project_state WHERE project_id = ?', project)
      return row === undefined ? 0 : Number(row.revision)
    },

    async changesSince(project: string, revision: number, limit: number): Promise<readonly Change[]> {
      const sql = 'SELECT * FROM change_log WHERE project_id = ? AND revision > ? ORDER BY revision LIMIT ?'
      return (await db.all(sql, project, revision, limit)).map(toChange)
    },
  }
}

/**
 * Batches of resources; the connection must stay in one read transaction while they are taken. Each is asked for before
 * the one before it is given out, so that the database works while that one is taken in.
 */
export async function* resourcesOf(
  db: SqlConnection,
  project: string,
  types: readonly ResourceType[],
): AsyncGenerator<readonly Resource[]> {
  const sql = `SELECT resource_type, sequence, resource_id, name, detail, tags, created_at_ms, updated_at_ms FROM resource
    WHERE project_id = ? AND resource_type = ? AND sequence > ? ORDER BY sequence LIMIT ?`
  for (const type of types) {
    let asked = db.all(sql, project, type, 0, SCAN_BATCH)
    for (;;) {
      const rows = await asked
      const isLast = rows.length < SCAN_BATCH
      if (!isLast) {
        asked = db.all(sql, project, type, Number(rows[rows.length - 1]?.sequence), SCAN_BATCH)
        // Thrown where it is awaited, if it is: until then it must not count as unhandled.
        asked.catch(() => undefined)
      }
      if (rows.length > 0) yield rows.map(toResource)
      if (isLast) break
    }
  }
}
