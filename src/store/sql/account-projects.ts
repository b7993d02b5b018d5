import type { AccountVerdict, Project, ProjectChanges } from '../account-store.ts'
import { toProject } from './account-rows.ts'
import { accountStatements } from './account-statements.ts'
import { lockAccounts } from './row-locks.ts'
import type { SqlConnection } from './sql.ts'

/** Writes of projects; see `AccountStore`. */
export function projectWrites(db: SqlConnection) {
  const { raiseRevision, exists, updateRow, deleteRows } = accountStatements(db)

  async function insertProject({ id, domainId, name, description, enabled }: Project): Promise<boolean> {
    const row = await db.get(
      `INSERT INTO project (project_id, domain_id, name, description, enabled) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (domain_id, name) DO NOTHING RETURNING project_id`,
      id,
      domainId,
      name,
      description,
      enabled ? 1 : 0,
    )
    return row !== undefined
  }

  return {
    async ensureProject(project: Project): Promise<Project> {
      if (await insertProject(project)) await raiseRevision()
      const sql = 'SELECT * FROM project WHERE domain_id = ? AND name = ?'
      const row = await db.get(sql, project.domainId, project.name)
      return row === undefined ? project : toProject(row)
    },

    async createProject(project: Project): Promise<AccountVerdict> {
      await lockAccounts(db)
      if (!(await insertProject(project))) return 'taken'
      await raiseRevision()
      return 'done'
    },

    async updateProject(id: string, { name, description, enabled }: ProjectChanges): Promise<AccountVerdict> {
      await lockAccounts(db)
      const row = await db.get('SELECT * FROM project WHERE project_id = ?', id)
      if (row === undefined) return 'absent'
      const { domainId } = toProject(row)
      const sameName = 'SELECT 1 AS found FROM project WHERE domain_id = ? AND name = ? AND project_id <> ?'
      if (name !== undefined && (await exists(sameName, domainId, name, id))) return 'taken'
      await updateRow('project', ['project_id', id], { name, description, enabled })
      await raiseRevision()
      return 'done'
    },

    async deleteProject(id: string): Promise<AccountVerdict> {
      await lockAccounts(db)
      if (!(await exists('SELECT 1 AS found FROM project WHERE project_id = ?', id))) return 'absent'
      if (await exists('SELECT 1 AS found FROM resource WHERE project_id = ? LIMIT 1', id)) return 'in-use'
      await db.run(`DELETE FROM role_assignment WHERE scope = 'project' AND scope_id = ?`, id)
      await deleteRows('image_member', 'member_project_id', id)
      await deleteRows('project', 'project_id', id)
      await raiseRevision()
      return 'done'
    },
  }
}
