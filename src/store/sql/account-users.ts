import { type AccountVerdict, ADMIN_ROLE, type RoleAssignment, type User, type UserChanges } from '../account-store.ts'
import { toUser } from './account-rows.ts'
import { accountStatements } from './account-statements.ts'
import { lockAccounts } from './row-locks.ts'
import type { SqlConnection } from './sql.ts'

/**
 * Enabled users of a domain that can log in, and have the administrator's role and no custom one in the whole of it.
 */
const SOUND_ADMINS = `SELECT user_id FROM app_user WHERE domain_id = ? AND enabled = 1 AND password_hash <> ''
  AND EXISTS (SELECT 1 FROM role_assignment AS held WHERE held.user_id = app_user.user_id
    AND held.scope = 'domain' AND held.scope_id = app_user.domain_id AND held.role = '${ADMIN_ROLE}')
  AND NOT EXISTS (SELECT 1 FROM role_assignment AS held JOIN custom_role ON custom_role.role_id = held.role
    WHERE held.user_id = app_user.user_id AND held.scope = 'domain' AND held.scope_id = app_user.domain_id)`

/** The statements that change users and the roles they have; see `AccountStore`. */
export function userWrites(db: SqlConnection) {
  const { raiseRevision, exists, updateRow, insertRow, deleteRows } = accountStatements(db)

  async function userOf(id: string): Promise<User | undefined> {
    const row = await db.get('SELECT * FROM app_user WHERE user_id = ?', id)
    return row === undefined ? undefined : toUser(row)
  }

  async function isLastAdmin({ id, domainId }: User): Promise<boolean> {
    const admins = await db.all(SOUND_ADMINS, domainId)
    return admins.length === 1 && admins[0]?.user_id === id
  }

  function isThere({ scope, scopeId }: RoleAssignment): Promise<boolean> {
    return scope === 'project'
      ? exists('SELECT 1 AS found FROM project WHERE project_id = ?', scopeId)
      : exists('SELECT 1 AS found FROM domain WHERE domain_id = ?', scopeId)
  }

  async function customRolesIn({ userId, scope, scopeId }: RoleAssignment): Promise<number> {
    const sql = `SELECT role FROM role_assignment AS held JOIN custom_role ON custom_role.role_id = held.role
      WHERE held.user_id = ? AND held.scope = ? AND held.scope_id = ?`
    return (await db.all(sql, userId, scope, scopeId)).length
  }

  const assigned = ({ userId, scope, scopeId, role }: RoleAssignment): Promise<boolean> =>
    exists(
      'SELECT 1 AS found FROM role_assignment WHERE user_id = ? AND scope = ? AND scope_id = ? AND role = ?',
      ...[userId, scope, scopeId, role],
    )

  return {
    async createUser(user: User): Promise<AccountVerdict> {
      await lockAccounts(db)
      const { id, domainId, name, passwordHash, enabled, description, email, tokenGeneration } = user
      if (await exists('SELECT 1 AS found FROM app_user WHERE domain_id = ? AND name = ?', domainId, name))
        return 'taken'
      await insertRow('app_user', {
        ...{ user_id: id, domain_id: domainId, name, password_hash: passwordHash, enabled },
        ...{ description, email, token_generation: tokenGeneration },
      })
      await raiseRevision()
      return 'done'
    },

    async updateUser(id: string, changes: UserChanges, tokenGeneration?: number): Promise<AccountVerdict> {
      await lockAccounts(db)
      const user = await userOf(id)
      if (user === undefined) return 'absent'
      if (tokenGeneration !== undefined && tokenGeneration !== user.tokenGeneration) return 'stale'
      const { name, passwordHash, enabled, description, email } = changes
      const sameName = 'SELECT 1 AS found FROM app_user WHERE domain_id = ? AND name = ? AND user_id <> ?'
      if (name !== undefined && (await exists(sameName, user.domainId, name, id))) return 'taken'
      const isDisabled = enabled === false && user.enabled
      if (isDisabled && (await isLastAdmin(user))) return 'last-admin'
      const endsTokens = isDisabled || passwordHash !== undefined
      await updateRow('app_user', ['user_id', id], {
        ...{ name, password_hash: passwordHash, enabled, description, email },
        token_generation: endsTokens ? user.tokenGeneration + 1 : undefined,
      })
      await raiseRevision()
      return 'done'
    },

    async deleteUser(id: string): Promise<AccountVerdict> {
      await lockAccounts(db)
      const user = await userOf(id)
      if (user === undefined) return 'absent'
      if (await isLastAdmin(user)) return 'last-admin'
      for (const table of ['role_assignment', 'access_key', 'app_user']) await deleteRows(table, 'user_id', id)
      await raiseRevision()
      return 'done'
    },

    async addAssignment(assignment: RoleAssignment, customRolesMax?: number): Promise<AccountVerdict> {
      await lockAccounts(db)
      const { userId, scope, scopeId, role } = assignment
      const user = await userOf(userId)
      if (user === undefined || !(await isThere(assignment))) return 'absent'
      if (await assigned(assignment)) return 'done'
      const isCustom = await exists('SELECT 1 AS found FROM custom_role WHERE role_id = ?', role)
      const isAtHome = scope === 'domain' && scopeId === user.domainId
      if (isCustom && isAtHome && (await isLastAdmin(user))) return 'last-admin'
      if (isCustom && customRolesMax !== undefined && (await customRolesIn(assignment)) >= customRolesMax) return 'full'
      await insertRow('role_assignment', { user_id: userId, scope, scope_id: scopeId, role })
      await raiseRevision()
      return 'done'
    },

    async removeAssignment(assignment: RoleAssignment): Promise<AccountVerdict> {
      await lockAccounts(db)
      const { userId, scope, scopeId, role } = assignment
      const user = await userOf(userId)
      if (user === undefined || !(await assigned(assignment))) return 'absent'
      const isAdminAtHome = role === ADMIN_ROLE && scope === 'domain' && scopeId === user.domainId
      if (isAdminAtHome && (await isLastAdmin(user))) return 'last-admin'
      await db.run(
        'DELETE FROM role_assignment WHERE user_id = ? AND scope = ? AND scope_id = ? AND role = ?',
        ...[userId, scope, scopeId, role],
      )
      await raiseRevision()
      return 'done'
    },
  }
}
