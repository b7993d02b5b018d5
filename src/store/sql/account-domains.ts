import type { AccountVerdict, DomainAdministrator, DomainChanges, NewDomain } from '../account-store.ts'
import { projectRow, userRow } from './account-rows.ts'
import { accountStatements, UNRESTRICTED_ADMINS } from './account-statements.ts'
import { lockAccounts } from './row-locks.ts'
import type { SqlConnection } from './sql.ts'

const PROJECTS = 'SELECT project_id FROM project WHERE domain_id = ?'
const PROJECT_NUMBERS = `SELECT project_no FROM project_state WHERE project_id IN (${PROJECTS})`
const USERS = 'SELECT user_id FROM app_user WHERE domain_id = ?'

/** Deletes everything of a domain, referring rows first. Each statement has the domain's id as its parameter. */
const DELETIONS = [
  `DELETE FROM role_assignment WHERE user_id IN (${USERS})`,
  `DELETE FROM access_key WHERE user_id IN (${USERS})`,
  `DELETE FROM image_member WHERE member_project_id IN (${PROJECTS})`,
  'DELETE FROM custom_role WHERE domain_id = ?',
  'DELETE FROM predefined_tag WHERE domain_id = ?',
  'DELETE FROM predefined_tag_state WHERE domain_id = ?',
  `DELETE FROM tag_policy WHERE level = 'domain' AND place_id = ?`,
  `DELETE FROM tag_policy WHERE level = 'project' AND place_id IN (${PROJECTS})`,
  `UPDATE project_state SET policy_hash = NULL WHERE policy_hash IS NOT NULL AND project_id IN (${PROJECTS})`,
  'DELETE FROM app_user WHERE domain_id = ?',
  'DELETE FROM project WHERE domain_id = ?',
  'DELETE FROM domain WHERE domain_id = ?',
]

/** Inserts a domain with its first project, and its administrator if there is one. */
export async function insertDomain(db: SqlConnection, { domain, project, user, assignment }: NewDomain): Promise<void> {
  const { insertRow } = accountStatements(db)
  const { id, name, description, enabled } = domain
  await insertRow('domain', { domain_id: id, name, description, enabled })
  await insertRow('project', projectRow(project))
  if (user !== undefined && assignment !== undefined) await insertAdministrator(db, { user, assignment })
}

async function insertAdministrator(db: SqlConnection, { user, assignment }: DomainAdministrator): Promise<void> {
  const { insertRow } = accountStatements(db)
  await insertRow('app_user', userRow(user))
  const { userId, scope, scopeId, role } = assignment
  await insertRow('role_assignment', { user_id: userId, scope, scope_id: scopeId, role })
}

/** Writes of domains; see `AccountStore`. */
export function domainWrites(db: SqlConnection) {
  const { raiseRevision, exists, updateRow } = accountStatements(db)
  const hasDomain = (id: string) => exists('SELECT 1 AS found FROM domain WHERE domain_id = ?', id)

  return {
    async createDomain(accounts: NewDomain): Promise<AccountVerdict> {
      await lockAccounts(db)
      if (await exists('SELECT 1 AS found FROM domain WHERE name = ?', accounts.domain.name)) return 'taken'
      await insertDomain(db, accounts)
      await raiseRevision()
      return 'done'
    },

    async updateDomain(
      id: string,
      { name, description, enabled }: DomainChanges,
      administrator?: DomainAdministrator,
    ): Promise<AccountVerdict> {
      await lockAccounts(db)
      if (!(await hasDomain(id))) return 'absent'
      if (administrator !== undefined) {
        if (await exists(UNRESTRICTED_ADMINS, id)) return 'full'
        const sameUser = 'SELECT 1 AS found FROM app_user WHERE domain_id = ? AND name = ?'
        if (await exists(sameUser, id, administrator.user.name)) return 'taken'
      }
      const sameName = 'SELECT 1 AS found FROM domain WHERE name = ? AND domain_id <> ?'
      if (name !== undefined && (await exists(sameName, name, id))) return 'taken'
      if (administrator !== undefined) await insertAdministrator(db, administrator)
      await updateRow('domain', ['domain_id', id], { name, description, enabled })
      if (enabled === false) {
        await db.run('UPDATE app_user SET token_generation = token_generation + 1 WHERE domain_id = ?', id)
      }
      await raiseRevision()
      return 'done'
    },

    async deleteDomain(id: string): Promise<AccountVerdict> {
      await lockAccounts(db)
      if (!(await hasDomain(id))) return 'absent'
      if (await exists(`SELECT 1 AS found FROM resource WHERE project_no IN (${PROJECT_NUMBERS}) LIMIT 1`, id))
        return 'in-use'
      for (const sql of DELETIONS) await db.run(sql, id)
      await raiseRevision()
      return 'done'
    },
  }
}
