import type { InitialAccounts } from '../account-store.ts'
import { domainWrites, insertDomain } from './account-domains.ts'
import { projectWrites } from './account-projects.ts'
import { roleWrites } from './account-roles.ts'
import { accessKeyRow } from './account-rows.ts'
import { secretWrites } from './account-secrets.ts'
import { accountStatements } from './account-statements.ts'
import { userWrites } from './account-users.ts'
import type { SqlConnection } from './sql.ts'

/**
 * Writes of accounts over one connection of either engine; see `AccountStore`. Each change raises the accounts revision
 * in the same transaction.
 */
export function accountWrites(db: SqlConnection) {
  const { raiseRevision, insertRow } = accountStatements(db)

  return {
    ...domainWrites(db),
    ...projectWrites(db),
    ...userWrites(db),
    ...roleWrites(db),
    ...secretWrites(db),

    async createInitialAccounts({ signingKey, accessKey, ...accounts }: InitialAccounts): Promise<boolean> {
      const founded = await db.get(
        `INSERT INTO account_state (only_row, revision, signing_key) VALUES (1, 1, '') ON CONFLICT DO NOTHING RETURNING revision`,
      )
      if (founded === undefined) return false
      await insertRow('signing_key', { key_id: signingKey.id, private_key: signingKey.privateKey })
      await insertDomain(db, accounts)
      if (accessKey !== undefined) await insertRow('access_key', accessKeyRow(accessKey))
      return true
    },

    async revokeToken(tokenId: string, expiresAtMs: number): Promise<void> {
      const sql =
        'INSERT INTO revoked_token (token_id, expires_at_ms) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING token_id'
      if ((await db.get(sql, tokenId, expiresAtMs)) !== undefined) await raiseRevision()
    },

    async forgetExpiredRevocations(beforeMs: number): Promise<void> {
      await db.run('DELETE FROM revoked_token WHERE expires_at_ms < ?', beforeMs)
    },

    async forgetAccountLog(beforeMs: number, limit: number): Promise<number> {
      // The oldest entries by their key: an entry has no index by its time.
      const oldest = 'SELECT revision FROM account_log ORDER BY revision LIMIT ?'
      const sql = `DELETE FROM account_log WHERE at_ms < ? AND revision IN (${oldest}) RETURNING revision`
      return (await db.all(sql, beforeMs, limit)).length
    },
  }
}
