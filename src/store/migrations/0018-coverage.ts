import type { SchemaDialect } from './dialect.ts'

/**
 * Counts of resources with keys by day, a row per project that serves as a lock, and leases. Empty texts stand for all
 * types, any key and no rules.
 */
export function coverageMigration({ clustered, text }: SchemaDialect): readonly string[] {
  return [
    `CREATE TABLE coverage_state (
      project_id ${text} NOT NULL PRIMARY KEY,
      writes BIGINT NOT NULL,
      removed BIGINT NOT NULL
    ) ${clustered}`,
    'CREATE INDEX removed_coverage ON coverage_state (project_id) WHERE removed = 1',
    `CREATE TABLE coverage_day (
      project_id ${text} NOT NULL,
      day BIGINT NOT NULL,
      revision BIGINT NOT NULL,
      PRIMARY KEY (project_id, day)
    ) ${clustered}`,
    `CREATE TABLE coverage_point (
      project_id ${text} NOT NULL,
      tag_key ${text} NOT NULL,
      resource_type ${text} NOT NULL,
      rules ${text} NOT NULL,
      day BIGINT NOT NULL,
      resources BIGINT NOT NULL,
      tagged BIGINT NOT NULL,
      valid BIGINT,
      PRIMARY KEY (project_id, tag_key, resource_type, rules, day)
    ) ${clustered}`,
    `CREATE TABLE lease (
      name ${text} NOT NULL PRIMARY KEY,
      holder ${text} NOT NULL,
      until_ms BIGINT NOT NULL
    ) ${clustered}`,
  ]
}
