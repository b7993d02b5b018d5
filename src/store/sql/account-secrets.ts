import type { SecretReplacement, SigningKey } from '../account-records.ts'
import { accountStatements } from './account-statements.ts'
import { lockAccounts } from './row-locks.ts'
import type { SqlConnection } from './sql.ts'

/** Where each kind of secret is stored. */
const COLUMNS = {
  'signing-key': { table: 'signing_key', id: 'key_id', secret: 'private_key' },
  'access-key': { table: 'access_key', id: 'access_key', secret: 'secret_key' },
} as const

/** Writes of secrets; see `AccountStore`. */
export function secretWrites(db: SqlConnection) {
  const { raiseRevision, insertRow } = accountStatements(db)
  // The column of releases with one key, which must not keep it in clear.
  const clearFormerColumn = () => db.run(`UPDATE account_state SET signing_key = ''`)

  return {
    async rotateSigningKey(key: SigningKey, verifiesUntilMs: number, nowMs: number): Promise<void> {
      await lockAccounts(db)
      const endOf =
        'UPDATE signing_key SET verifies_until_ms = ? WHERE verifies_until_ms IS NULL OR verifies_until_ms > ?'
      await db.run(endOf, verifiesUntilMs, verifiesUntilMs)
      await db.run('DELETE FROM signing_key WHERE verifies_until_ms <= ?', nowMs)
      await insertRow('signing_key', { key_id: key.id, private_key: key.privateKey })
      await clearFormerColumn()
      await raiseRevision()
    },

    async replaceSecrets(replacements: readonly SecretReplacement[]): Promise<number> {
      await lockAccounts(db)
      let replaced = 0
      for (const { kind, id, from, to } of replacements) {
        const { table, id: idColumn, secret } = COLUMNS[kind]
        const where = `${idColumn} = ? AND ${secret} = ?`
        const sql = `UPDATE ${table} SET ${secret} = ? WHERE ${where} RETURNING ${idColumn}`
        if ((await db.get(sql, to, id, from)) !== undefined) replaced++
      }
      if (replaced === 0) return 0
      await clearFormerColumn()
      await raiseRevision()
      return replaced
    },
  }
}
