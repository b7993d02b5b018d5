import type { Project } from '../account-records.ts'
import type { AccountVerdict, ProjectChanges } from '../account-store.ts'
import { projectRow, toProject } from './account-rows.ts'
import { accountStatements } from './account-statements.ts'
import { lockAccounts } from './row-locks.ts'
import type { SqlConnection } from './sql.ts'

/** Writes of projects; see `AccountStore`. */
export function projectWrites(db: SqlConnection) {
  const { raiseRevision, exists, updateRow, deleteRows } = accountStatements(db)

  async function insertProject(project: Project): Promise<boolean> {
    const row = projectRow(project)
    const columns = Object.keys(row)
    const marks = columns.map(() => '?').join(', ')
    const inserted = await db.get(
      `INSERT INTO project (${columns.join(', ')}) VALUES (${marks})
       ON CONFLICT (domain_id, name) DO NOTHING RETURNING project_id`,
      ...Object.values(row).map((value) => (typeof value === 'boolean' ? Number(value) : value)),
    )
    return inserted !== undefined
  }

  async function findProject(id: string): Promise<Project | undefined> {
    const row = await db.get('SELECT * FROM project WHERE project_id = ?', id)
    return row === undefined ? undefined : toProject(row)
  }

  async function setTags(id: string, tags: readonly string[]): Promise<AccountVerdict> {
    await updateRow('project', ['project_id', id], { tags: JSON.stringify(tags) })
    await raiseRevision()
    return 'done'
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

    async updateProject(id: string, changes: ProjectChanges): Promise<AccountVerdict> {
      await lockAccounts(db)
      const project = await findProject(id)
      if (project === undefined) return 'absent'
      const { name, description, enabled, tags, limits } = changes
      const sameName = 'SELECT 1 AS found FROM project WHERE domain_id = ? AND name = ? AND project_id <> ?'
      if (name !== undefined && (await exists(sameName, project.domainId, name, id))) return 'taken'
      const row = {
        name,
        description,
        enabled,
        tags: tags && JSON.stringify(tags),
        limits: limits && JSON.stringify(limits),
        token_generation: enabled === false ? project.tokenGeneration + 1 : undefined,
      }
      await updateRow('project', ['project_id', id], row)
      await raiseRevision()
      return 'done'
    },

    async addProjectTag(id: string, tag: string, tagsMax: number): Promise<AccountVerdict> {
      await lockAccounts(db)
      const project = await findProject(id)
      if (project === undefined) return 'absent'
      if (project.tags.includes(tag)) return 'done'
      return project.tags.length >= tagsMax ? 'full' : setTags(id, [...project.tags, tag])
    },

    async removeProjectTag(id: string, tag: string): Promise<AccountVerdict> {
      await lockAccounts(db)
      const project = await findProject(id)
      if (project === undefined || !project.tags.includes(tag)) return 'absent'
      return setTags(
        id,
        project.tags.filter((each) => each !== tag),
      )
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
