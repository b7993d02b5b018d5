import type { SchemaDialect } from './dialect.ts'

/** The predefined tags of domains, and a row per domain that serves as a lock. */
export function predefinedTagsMigration({ clustered, text }: SchemaDialect): readonly string[] {
  return [
    `CREATE TABLE predefined_tag_state (
      domain_id ${text} NOT NULL PRIMARY KEY
    ) ${clustered}`,
    `CREATE TABLE predefined_tag (
      domain_id ${text} NOT NULL,
      tag_key ${text} NOT NULL,
      tag_value ${text} NOT NULL,
      updated_at_ms BIGINT NOT NULL,
      PRIMARY KEY (domain_id, tag_key, tag_value)
    ) ${clustered}`,
  ]
}
