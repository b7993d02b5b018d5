import { ADMIN_ROLE, type RoleAssignment, type User } from '../account-records.ts'
import type { AccountVerdict, UserChanges } from '../account-store.ts'
import { toUser, userRow } from './account-rows.ts'
import { accountStatements, UNRESTRICTED_ADMINS } from './account-statements.ts'
import { lockAccounts } from './row-locks.ts'
import type { SqlConnection } from './sql.ts'

/** Writes of users and of their role assignments; see `AccountStore`. */
export function userWrites(db: SqlConnection) {
  const { raiseRevision, exists, countRows, updateRow, insertRow, deleteRows } = accountStatements(db)

  async function findUser(id: string): Promise<User | undefined> {
    const row = await db.get('SELECT * FROM app_user WHERE user_id = ?', id)
    return row === undefined ? undefined : toUser(row)
  }

  async function isLastAdmin({ id, domainId }: User): Promise<boolean> {
    const admins = await db.all(UNRESTRICTED_ADMINS, domainId)
    return admins.length === 1 && admins[0]?.user_id === id
  }

  function scopeExists({ scope, scopeId }: RoleAssignment): Promise<boolean> {
    return scope === 'project'
      ? exists('SELECT 1 AS found FROM project WHERE project_id = ?', scopeId)
      : exists('SELECT 1 AS found FROM domain WHERE domain_id = ?', scopeId)
  }

  async function countCustomRoles({ userId, scope, scopeId }: RoleAssignment): Promise<number> {
    const sql = `SELECT role FROM role_assignment AS assigned JOIN custom_role ON custom_role.role_id = assigned.role
      WHERE assigned.user_id = ? AND assigned.scope = ? AND assigned.scope_id = ?`
    return (await db.all(sql, userId, scope, scopeId)).length
  }

  const isAssigned = ({ userId, scope, scopeId, role }: RoleAssignment): Promise<boolean> =>
    exists(
      'SELECT 1 AS found FROM role_assignment WHERE user_id = ? AND scope = ? AND scope_id = ? AND role = ?',
      userId,
      scope,
      scopeId,
      role,
    )

  return {
    async createUser(user: User, usersMax?: number): Promise<AccountVerdict> {
      await lockAccounts(db)
      const { domainId, name } = user
      if (await exists('SELECT 1 AS found FROM app_user WHERE domain_id = ? AND name = ?', domainId, name))
        return 'taken'
      if (usersMax !== undefined && (await countRows('app_user', 'domain_id', domainId)) >= usersMax) return 'full'
      await insertRow('app_user', userRow(user))
      await raiseRevision()
      return 'done'
    },

    async updateUser(id: string, changes: UserChanges, tokenGeneration?: number): Promise<AccountVerdict> {
      await lockAccounts(db)
      const user = await findUser(id)
      if (user === undefined) return 'absent'
      if (tokenGeneration !== undefined && tokenGeneration !== user.tokenGeneration) return 'stale'
      const { name, passwordHash, enabled, description, email, attributes } = changes
      const sameName = 'SELECT 1 AS found FROM app_user WHERE domain_id = ? AND name = ? AND user_id <> ?'
      if (name !== undefined && (await exists(sameName, user.domainId, name, id))) return 'taken'
      const isDisabled = enabled === false && user.enabled
      if (isDisabled && (await isLastAdmin(user))) return 'last-admin'
      const endsTokens = isDisabled || passwordHash !== undefined
      await updateRow('app_user', ['user_id', id], {
        name,
        password_hash: passwordHash,
        enabled,
        description,
        email,
        token_generation: endsTokens ? user.tokenGeneration + 1 : undefined,
        attributes: attributes && JSON.stringify({ ...user.attributes, ...attributes }),
      })
      await raiseRevision()
      return 'done'
    },

    async deleteUser(id: string): Promise<AccountVerdict> {
      await lockAccounts(db)
      const user = await findUser(id)
      if (user === undefined) return 'absent'
      if (await isLastAdmin(user)) return 'last-admin'
      for (const table of ['role_assignment', 'access_key', 'app_user']) await deleteRows(table, 'user_id', id)
      await raiseRevision()
      return 'done'
    },

    async addAssignment(assignment: RoleAssignment, customRolesMax?: number): Promise<AccountVerdict> {
      await lockAccounts(db)
      const { userId, scope, scopeId, role } = assignment
      const user = await findUser(userId)
      if (user === undefined || !(await scopeExists(assignment))) return 'absent'
      if (await isAssigned(assignment)) return 'done'
      const isCustom = await exists('SELECT 1 AS found FROM custom_role WHERE role_id = ?', role)
      const isOwnDomain = scope === 'domain' && scopeId === user.domainId
      if (isCustom && isOwnDomain && (await isLastAdmin(user))) return 'last-admin'
      if (isCustom && customRolesMax !== undefined && (await countCustomRoles(assignment)) >= customRolesMax)
        return 'full'
      await insertRow('role_assignment', { user_id: userId, scope, scope_id: scopeId, role })
      await raiseRevision()
      return 'done'
    },

    async removeAssignment(assignment: RoleAssignment): Promise<AccountVerdict> {
      await lockAccounts(db)
      const { userId, scope, scopeId, role } = assignment
      const user = await findUser(userId)
      if (user === undefined || !(await isAssigned(assignment))) return 'absent'
      const isAdminRole = role === ADMIN_ROLE && scope === 'domain' && scopeId === user.domainId
      if (isAdminRole && (await isLastAdmin(user))) return 'last-admin'
      await db.run(
        'DELETE FROM role_assignment WHERE user_id = ? AND scope = ? AND scope_id = ? AND role = ?',
        userId,
        scope,
        scopeId,
        role,
      )
      await raiseRevision()
      return 'done'
    },
  }
}
