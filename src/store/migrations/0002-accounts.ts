import type { SchemaDialect } from './dialect.ts'

/** Descriptions, email addresses and token generations of users, custom roles, and access keys. */
export function accountsMigration({ text }: SchemaDialect): readonly string[] {
  return [
    `ALTER TABLE app_user ADD COLUMN description ${text} NOT NULL DEFAULT ''`,
    `ALTER TABLE app_user ADD COLUMN email ${text} NOT NULL DEFAULT ''`,
    `ALTER TABLE app_user ADD COLUMN token_generation BIGINT NOT NULL DEFAULT 0`,
    `CREATE TABLE custom_role (
      role_id ${text} NOT NULL PRIMARY KEY,
      domain_id ${text} NOT NULL,
      display_name ${text} NOT NULL,
      description ${text} NOT NULL,
      description_cn ${text} NOT NULL,
      type ${text} NOT NULL,
      policy ${text} NOT NULL,
      created_at_ms BIGINT NOT NULL,
      updated_at_ms BIGINT NOT NULL,
      UNIQUE (domain_id, display_name)
    )`,
    `CREATE INDEX role_assignment_by_role ON role_assignment (role)`,
    `CREATE INDEX role_assignment_by_scope ON role_assignment (scope, scope_id)`,
    `CREATE TABLE access_key (
      access_key ${text} NOT NULL PRIMARY KEY,
      secret_key ${text} NOT NULL,
      user_id ${text} NOT NULL,
      description ${text} NOT NULL,
      active INTEGER NOT NULL,
      locked INTEGER NOT NULL,
      created_at_ms BIGINT NOT NULL
    )`,
    `CREATE INDEX access_key_by_user ON access_key (user_id)`,
  ]
}
