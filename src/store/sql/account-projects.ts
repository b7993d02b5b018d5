import type { Project } from '../account-records.ts'
import type { AccountVerdict, ProjectChanges } from '../account-store.ts'
import { projectRow, toProject } from './account-rows.ts'
import { accountStatements } from './account-statements.ts'
import { PROJECT_NO } from './log-key.ts'
import { lockAccounts } from './row-locks.ts'
import type { SqlConnection } from './sql.ts'
import { applyDomainPolicy, deletePoliciesOf } from './tag-policy-writer.ts'

/** Writes of projects; see `AccountStore`. */
export function projectWrites(db: SqlConnection) {
  const { raiseRevision, exists, countRows, updateRow, insertRow, deleteRows } = accountStatements(db)

  async function isFull(domainId: string, projectsMax: number | undefined): Promise<boolean> {
    return projectsMax !== undefined && (await countRows('project', 'domain_id', domainId)) >= projectsMax
  }

  const sameName = 'SELECT * FROM project WHERE domain_id = ? AND name = ?'

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
    async ensureProject(project: Project, projectsMax?: number): Promise<Project | 'full'> {
      await lockAccounts(db)
      const { domainId, name } = project
      const existing = await db.get(sameName, domainId, name)
      if (existing !== undefined) return toProject(existing)
      if (await isFull(domainId, projectsMax)) return 'full'
      await insertRow('project', projectRow(project))
      await applyDomainPolicy(db, project.id)
      await raiseRevision()
      return project
    },

    async createProject(project: Project, projectsMax?: number): Promise<AccountVerdict> {
      await lockAccounts(db)
      const { domainId, name } = project
      if (await exists(sameName, domainId, name)) return 'taken'
      if (await isFull(domainId, projectsMax)) return 'full'
      await insertRow('project', projectRow(project))
      await applyDomainPolicy(db, project.id)
      await raiseRevision()
      return 'done'
    },

    async updateProject(id: string, changes: ProjectChanges): Promise<AccountVerdict> {
      await lockAccounts(db)
      const project = await findProject(id)
      if (project === undefined) return 'absent'
      const { name, description, enabled, tags, limits } = changes
      const another = 'SELECT 1 AS found FROM project WHERE domain_id = ? AND name = ? AND project_id <> ?'
      if (name !== undefined && (await exists(another, project.domainId, name, id))) return 'taken'
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
      if (await exists(`SELECT 1 AS found FROM resource WHERE project_no = ${PROJECT_NO} LIMIT 1`, id)) return 'in-use'
      await db.run(`DELETE FROM role_assignment WHERE scope = 'project' AND scope_id = ?`, id)
      await deleteRows('image_member', 'member_project_id', id)
      // Their rows may be many, so they are deleted later, in small batches.
      await db.run(`UPDATE plan SET state = 'removed', expires_at_ms = 0 WHERE project_id = ?`, id)
      await db.run('UPDATE coverage_state SET removed = 1, writes = writes + 1 WHERE project_id = ?', id)
      await deletePoliciesOf(db, id)
      await deleteRows('project', 'project_id', id)
      await raiseRevision()
      return 'done'
    },
  }
}
