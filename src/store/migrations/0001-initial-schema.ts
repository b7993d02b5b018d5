import type { SchemaDialect } from './dialect.ts'

/**
 * The first schema. Every key of the tag tables begins with the project, and no transaction on them needs two projects,
 * so that they can be partitioned by project.
 */
export function initialSchemaMigration({ clustered, text }: SchemaDialect): readonly string[] {
  return [
    `CREATE TABLE project_state (
      project_id ${text} NOT NULL PRIMARY KEY,
      revision BIGINT NOT NULL,
      last_sequence BIGINT NOT NULL
    ) ${clustered}`,
    `CREATE TABLE resource (
      project_id ${text} NOT NULL,
      resource_type ${text} NOT NULL,
      sequence BIGINT NOT NULL,
      resource_id ${text} NOT NULL,
      name ${text} NOT NULL,
      detail ${text} NOT NULL,
      tags ${text} NOT NULL,
      revision BIGINT NOT NULL,
      created_at_ms BIGINT NOT NULL,
      updated_at_ms BIGINT NOT NULL,
      PRIMARY KEY (project_id, resource_type, sequence)
    ) ${clustered}`,
    `CREATE UNIQUE INDEX resource_by_id ON resource (project_id, resource_type, resource_id)`,
    `CREATE TABLE change_log (
      project_id ${text} NOT NULL,
      revision BIGINT NOT NULL,
      kind ${text} NOT NULL,
      resource_type ${text} NOT NULL,
      resource_id ${text} NOT NULL,
      sequence BIGINT NOT NULL,
      name ${text},
      detail ${text},
      tags ${text},
      actor ${text} NOT NULL,
      request_id ${text} NOT NULL,
      at_ms BIGINT NOT NULL,
      PRIMARY KEY (project_id, revision)
    ) ${clustered}`,
    `CREATE TABLE account_state (
      only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
      revision BIGINT NOT NULL,
      signing_key ${text} NOT NULL
    )`,
    `CREATE TABLE domain (
      domain_id ${text} NOT NULL PRIMARY KEY,
      name ${text} NOT NULL UNIQUE
    )`,
    `CREATE TABLE project (
      project_id ${text} NOT NULL PRIMARY KEY,
      domain_id ${text} NOT NULL,
      name ${text} NOT NULL,
      description ${text} NOT NULL,
      enabled INTEGER NOT NULL,
      UNIQUE (domain_id, name)
    )`,
    `CREATE TABLE app_user (
      user_id ${text} NOT NULL PRIMARY KEY,
      domain_id ${text} NOT NULL,
      name ${text} NOT NULL,
      password_hash ${text} NOT NULL,
      enabled INTEGER NOT NULL,
      UNIQUE (domain_id, name)
    )`,
    `CREATE TABLE role_assignment (
      user_id ${text} NOT NULL,
      scope ${text} NOT NULL,
      scope_id ${text} NOT NULL,
      role ${text} NOT NULL,
      PRIMARY KEY (user_id, scope, scope_id, role)
    )`,
    `CREATE TABLE revoked_token (
      token_id ${text} NOT NULL PRIMARY KEY,
      expires_at_ms BIGINT NOT NULL
    )`,
    `CREATE INDEX revoked_token_by_expiry ON revoked_token (expires_at_ms)`,
  ]
}
