import type { IgnoredGroup } from '../ignored-group-store.ts'
import { lockProjectRow } from './row-locks.ts'
import type { SqlConnection } from './sql.ts'

/** Reads of ignored groups over one connection of either engine; see `IgnoredGroupStore`. */
export function ignoredGroupReads(db: SqlConnection) {
  return {
    async listIgnoredGroups(project: string): Promise<readonly IgnoredGroup[]> {
      const sql = 'SELECT group_id, actor, at_ms FROM ignored_group WHERE project_id = ? ORDER BY at_ms DESC, group_id'
      return (await db.all(sql, project)).map((row) => ({
        id: String(row.group_id),
        actor: String(row.actor),
        atMs: Number(row.at_ms),
      }))
    },
  }
}

/** Writes of ignored groups over one connection of either engine; see `IgnoredGroupStore`. */
export function ignoredGroupWrites(db: SqlConnection) {
  const end = (project: string, groupId: string): Promise<void> =>
    db.run('DELETE FROM ignored_group WHERE project_id = ? AND group_id = ?', project, groupId)
  return {
    async ignoreGroup(project: string, { id, actor, atMs }: IgnoredGroup, groupsMax: number): Promise<void> {
      await lockProjectRow(db, project)
      await db.run(
        `INSERT INTO ignored_group (project_id, group_id, actor, at_ms) VALUES (?, ?, ?, ?)
         ON CONFLICT (project_id, group_id) DO UPDATE SET actor = excluded.actor, at_ms = excluded.at_ms`,
        project,
        id,
        actor,
        atMs,
      )
      const all = await ignoredGroupReads(db).listIgnoredGroups(project)
      for (const group of all.slice(groupsMax)) await end(project, group.id)
    },

    endIgnoringGroup: end,
  }
}
