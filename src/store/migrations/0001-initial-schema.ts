/**
 * The first schema. Every key of the tag tables begins with the project, and no transaction on them needs two
 * projects, so that they can be spread by tenant. `clustered` is what the engine needs to keep rows in key order.
 */
export function initialSchemaMigration(clustered: string): readonly string[] {
  return [
    `CREATE TABLE project_state (
      project_id TEXT NOT NULL PRIMARY KEY,
      revision BIGINT NOT NULL,
      last_sequence BIGINT NOT NULL
    ) ${clustered}`,
    `CREATE TABLE resource (
      project_id TEXT NOT NULL,
      resource_type TEXT NOT NULL,
      sequence BIGINT NOT NULL,
      resource_id TEXT NOT NULL,
      name TEXT NOT NULL,
      detail TEXT NOT NULL,
      tags TEXT NOT NULL,
      revision BIGINT NOT NULL,
      created_at_ms BIGINT NOT NULL,
      updated_at_ms BIGINT NOT NULL,
      PRIMARY KEY (project_id, resource_type, sequence)
    ) ${clustered}`,
    `CREATE UNIQUE INDEX resource_by_id ON resource (project_id, resource_type, resource_id)`,
    `CREATE TABLE change_log (
      project_id TEXT NOT NULL,
      revision BIGINT NOT NULL,
      kind TEXT NOT NULL,
      resource_type TEXT NOT NULL,
      resource_id TEXT NOT NULL,
      sequence BIGINT NOT NULL,
      name TEXT,
      detail TEXT,
      tags TEXT,
      actor TEXT NOT NULL,
      request_id TEXT NOT NULL,
      at_ms BIGINT NOT NULL,
      PRIMARY KEY (project_id, revision)
    ) ${clustered}`,
    `CREATE TABLE account_state (
      only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
      revision BIGINT NOT NULL,
      signing_key TEXT NOT NULL
    )`,
    `CREATE TABLE domain (
      domain_id TEXT NOT NULL PRIMARY KEY,
      name TEXT NOT NULL UNIQUE
    )`,
    `CREATE TABLE project (
      project_id TEXT NOT NULL PRIMARY KEY,
      domain_id TEXT NOT NULL,
      name TEXT NOT NULL,
      description TEXT NOT NULL,
      enabled INTEGER NOT NULL,
      UNIQUE (domain_id, name)
    )`,
    `CREATE TABLE app_user (
      user_id TEXT NOT NULL PRIMARY KEY,
      domain_id TEXT NOT NULL,
      name TEXT NOT NULL,
      password_hash TEXT NOT NULL,
      enabled INTEGER NOT NULL,
      UNIQUE (domain_id, name)
    )`,
    `CREATE TABLE role_assignment (
      user_id TEXT NOT NULL,
      scope TEXT NOT NULL,
      scope_id TEXT NOT NULL,
      role TEXT NOT NULL,
      PRIMARY KEY (user_id, scope, scope_id, role)
    )`,
    `CREATE TABLE revoked_token (
      token_id TEXT NOT NULL PRIMARY KEY,
      expires_at_ms BIGINT NOT NULL
    )`,
    `CREATE INDEX revoked_token_by_expiry ON revoked_token (expires_at_ms)`,
  ]
}
