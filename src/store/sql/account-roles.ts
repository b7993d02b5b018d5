import type { AccessKey, CustomRole } from '../account-records.ts'
import type { AccessKeyChanges, AccountVerdict, CustomRoleChanges, KeyChanger } from '../account-store.ts'
import { accessKeyRow, toAccessKey, toCustomRole } from './account-rows.ts'
import { accountStatements } from './account-statements.ts'
import { lockAccounts } from './row-locks.ts'
import type { SqlConnection } from './sql.ts'

/** Writes of custom roles and access keys; see `AccountStore`. */
export function roleWrites(db: SqlConnection) {
  const { raiseRevision, exists, updateRow, insertRow, deleteRows } = accountStatements(db)
  const hasKey = (accessKey: string) => exists('SELECT 1 AS found FROM access_key WHERE access_key = ?', accessKey)

  return {
    async createRole(role: CustomRole): Promise<AccountVerdict> {
      await lockAccounts(db)
      const { id, domainId, displayName, description, descriptionCn, type, policy, createdAtMs, updatedAtMs } = role
      const sameName = 'SELECT 1 AS found FROM custom_role WHERE domain_id = ? AND display_name = ?'
      if (await exists(sameName, domainId, displayName)) return 'taken'
      await insertRow('custom_role', {
        role_id: id,
        domain_id: domainId,
        display_name: displayName,
        description,
        description_cn: descriptionCn,
        type,
        policy,
        created_at_ms: createdAtMs,
        updated_at_ms: updatedAtMs,
      })
      await raiseRevision()
      return 'done'
    },

    async updateRole(id: string, changes: CustomRoleChanges): Promise<AccountVerdict> {
      await lockAccounts(db)
      const row = await db.get('SELECT * FROM custom_role WHERE role_id = ?', id)
      if (row === undefined) return 'absent'
      const { displayName, description, descriptionCn, type, policy, updatedAtMs } = changes
      const sameName = 'SELECT 1 AS found FROM custom_role WHERE domain_id = ? AND display_name = ? AND role_id <> ?'
      const { domainId } = toCustomRole(row)
      if (displayName !== undefined && (await exists(sameName, domainId, displayName, id))) return 'taken'
      await updateRow('custom_role', ['role_id', id], {
        display_name: displayName,
        description,
        description_cn: descriptionCn,
        type,
        policy,
        updated_at_ms: updatedAtMs,
      })
      await raiseRevision()
      return 'done'
    },

    async deleteRole(id: string): Promise<AccountVerdict> {
      await lockAccounts(db)
      if (!(await exists('SELECT 1 AS found FROM custom_role WHERE role_id = ?', id))) return 'absent'
      if (await exists('SELECT 1 AS found FROM role_assignment WHERE role = ? LIMIT 1', id)) return 'in-use'
      await deleteRows('custom_role', 'role_id', id)
      await raiseRevision()
      return 'done'
    },

    async createAccessKey(key: AccessKey, keysPerUserMax: number): Promise<AccountVerdict> {
      await lockAccounts(db)
      const { userId } = key
      if (!(await exists('SELECT 1 AS found FROM app_user WHERE user_id = ?', userId))) return 'absent'
      const keys = await db.all('SELECT access_key FROM access_key WHERE user_id = ?', userId)
      if (keys.length >= keysPerUserMax) return 'full'
      await insertRow('access_key', accessKeyRow(key))
      await raiseRevision()
      return 'done'
    },

    async updateAccessKey(
      accessKey: string,
      { description, active }: AccessKeyChanges,
      by: KeyChanger,
    ): Promise<AccountVerdict> {
      await lockAccounts(db)
      const row = await db.get('SELECT * FROM access_key WHERE access_key = ?', accessKey)
      if (row === undefined) return 'absent'
      if (by === 'user' && active && toAccessKey(row).locked) return 'locked'
      const locked = by === 'user' || active === undefined ? undefined : !active
      await updateRow('access_key', ['access_key', accessKey], { description, active, locked })
      await raiseRevision()
      return 'done'
    },

    async deleteAccessKey(accessKey: string): Promise<AccountVerdict> {
      await lockAccounts(db)
      if (!(await hasKey(accessKey))) return 'absent'
      await deleteRows('access_key', 'access_key', accessKey)
      await raiseRevision()
      return 'done'
    },
  }
}
