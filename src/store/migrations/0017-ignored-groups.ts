import type { SchemaDialect } from './dialect.ts'

/** Groups of near-duplicates that projects ignore. */
export function ignoredGroupsMigration({ clustered, text }: SchemaDialect): readonly string[] {
  return [
    `CREATE TABLE ignored_group (
      project_id ${text} NOT NULL,
      group_id ${text} NOT NULL,
      actor ${text} NOT NULL,
      at_ms BIGINT NOT NULL,
      PRIMARY KEY (project_id, group_id)
    ) ${clustered}`,
  ]
}
