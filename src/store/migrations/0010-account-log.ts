import type { SchemaDialect } from './dialect.ts'

/** Who changed which account, when and from where. The key is the accounts revision after the change. */
export function accountLogMigration({ text }: SchemaDialect): readonly string[] {
  return [
    `CREATE TABLE account_log (
      revision BIGINT NOT NULL PRIMARY KEY,
      domain_id ${text} NOT NULL,
      at_ms BIGINT NOT NULL,
      actor_id ${text} NOT NULL,
      actor_name ${text} NOT NULL,
      address ${text} NOT NULL,
      request_id ${text} NOT NULL,
      event ${text} NOT NULL,
      target_kind ${text} NOT NULL,
      target_id ${text} NOT NULL,
      target_name ${text} NOT NULL,
      detail ${text} NOT NULL
    )`,
    `CREATE INDEX account_log_by_domain ON account_log (domain_id, revision)`,
  ]
}
