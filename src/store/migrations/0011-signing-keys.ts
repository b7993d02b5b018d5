import type { SchemaDialect } from './dialect.ts'

/**
 * Several keys sign and verify tokens. The column `account_state.signing_key` keeps the first key for nodes of the previous
 * version, until secrets are encrypted or the key is rotated.
 */
export function signingKeysMigration({ text }: SchemaDialect): readonly string[] {
  return [
    `CREATE TABLE signing_key (
      key_id ${text} NOT NULL PRIMARY KEY,
      private_key ${text} NOT NULL,
      verifies_until_ms BIGINT
    )`,
    `INSERT INTO signing_key (key_id, private_key) SELECT 'initial', signing_key FROM account_state`,
  ]
}
