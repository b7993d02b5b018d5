import type { SchemaDialect } from './dialect.ts'

/**
 * Tag policies of domains and projects. What applies to a project is stored once for all projects that it applies to, under
 * its hash, which each project's row names: a commit reads that row anyway.
 */
export function tagPoliciesMigration({ clustered, text }: SchemaDialect): readonly string[] {
  return [
    `CREATE TABLE tag_policy (
      level ${text} NOT NULL,
      place_id ${text} NOT NULL,
      name ${text} NOT NULL,
      document ${text} NOT NULL,
      settings ${text} NOT NULL,
      actor ${text} NOT NULL,
      updated_at_ms BIGINT NOT NULL,
      PRIMARY KEY (level, place_id, name)
    ) ${clustered}`,
    `CREATE TABLE effective_policy (
      policy_hash ${text} NOT NULL PRIMARY KEY,
      content ${text} NOT NULL
    ) ${clustered}`,
    `ALTER TABLE project_state ADD COLUMN policy_hash ${text}`,
  ]
}
