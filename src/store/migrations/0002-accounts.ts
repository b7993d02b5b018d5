/** Users with a description and a generation of tokens, policies made by administrators, and access keys. */
export function accountsMigration(): readonly string[] {
  return [
    `ALTER TABLE app_user ADD COLUMN description TEXT NOT NULL DEFAULT ''`,
    `ALTER TABLE app_user ADD COLUMN email TEXT NOT NULL DEFAULT ''`,
    `ALTER TABLE app_user ADD COLUMN token_generation BIGINT NOT NULL DEFAULT 0`,
    `CREATE TABLE custom_role (
      role_id TEXT NOT NULL PRIMARY KEY,
      domain_id TEXT NOT NULL,
      display_name TEXT NOT NULL,
      description TEXT NOT NULL,
      description_cn TEXT NOT NULL,
      type TEXT NOT NULL,
      policy TEXT NOT NULL,
      created_at_ms BIGINT NOT NULL,
      updated_at_ms BIGINT NOT NULL,
      UNIQUE (domain_id, display_name)
    )`,
    `CREATE INDEX role_assignment_by_role ON role_assignment (role)`,
    `CREATE INDEX role_assignment_by_scope ON role_assignment (scope, scope_id)`,
    `CREATE TABLE access_key (
      access_key TEXT NOT NULL PRIMARY KEY,
      secret_key TEXT NOT NULL,
      user_id TEXT NOT NULL,
      description TEXT NOT NULL,
      active INTEGER NOT NULL,
      locked INTEGER NOT NULL,
      created_at_ms BIGINT NOT NULL
    )`,
    `CREATE INDEX access_key_by_user ON access_key (user_id)`,
  ]
}
