import type { Resource } from '../core/resource.ts'
import type { ResourceType } from '../core/resource-type.ts'
import type { SqlConnection } from './sql.ts'
import { toChange, toResource } from './sql-rows.ts'
import type { Change } from './store.ts'

const SCAN_BATCH = 1000

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

/** Batches of resources; the connection must stay in one read transaction while they are taken. */
export async function* resourcesOf(
  db: SqlConnection,
  project: string,
  types: readonly ResourceType[],
): AsyncGenerator<readonly Resource[]> {
  const sql = `SELECT resource_type, sequence, resource_id, name, detail, tags, created_at_ms, updated_at_ms FROM resource
    WHERE project_id = ? AND resource_type = ? AND sequence > ? ORDER BY sequence LIMIT ?`
  for (const type of types) {
    let last = 0
    for (;;) {
      const rows = await db.all(sql, project, type, last, SCAN_BATCH)
      if (rows.length > 0) yield rows.map(toResource)
      if (rows.length < SCAN_BATCH) break
      last = Number(rows[rows.length - 1]?.sequence)
    }
  }
}
