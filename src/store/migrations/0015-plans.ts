import type { SchemaDialect } from './dialect.ts'

/** Plans of changes with their items, and a row per project that serves as a lock. */
export function plansMigration({ clustered, text }: SchemaDialect): readonly string[] {
  return [
    `CREATE TABLE plan_state (
      project_id ${text} NOT NULL PRIMARY KEY
    ) ${clustered}`,
    `CREATE TABLE plan (
      project_id ${text} NOT NULL,
      plan_id ${text} NOT NULL,
      state ${text} NOT NULL,
      head ${text} NOT NULL,
      summary ${text} NOT NULL,
      undo_of ${text},
      revision BIGINT NOT NULL,
      items BIGINT NOT NULL,
      next_place BIGINT NOT NULL,
      applied BIGINT NOT NULL,
      conflicts BIGINT NOT NULL,
      applied_from BIGINT,
      applied_to BIGINT,
      actor ${text} NOT NULL,
      created_at_ms BIGINT NOT NULL,
      applied_by ${text},
      applied_at_ms BIGINT,
      expires_at_ms BIGINT NOT NULL,
      idempotency_key ${text},
      body_hash ${text},
      PRIMARY KEY (project_id, plan_id)
    ) ${clustered}`,
    `CREATE INDEX plan_by_key ON plan (project_id, idempotency_key) WHERE idempotency_key IS NOT NULL`,
    `CREATE INDEX open_plan ON plan (project_id, expires_at_ms) WHERE state <> 'applied'`,
    'CREATE INDEX plan_by_expiry ON plan (expires_at_ms)',
    `CREATE TABLE plan_item (
      project_id ${text} NOT NULL,
      plan_id ${text} NOT NULL,
      place BIGINT NOT NULL,
      resource_type ${text} NOT NULL,
      resource_id ${text} NOT NULL,
      patch ${text} NOT NULL,
      key_order ${text} NOT NULL,
      state ${text} NOT NULL,
      code ${text} NOT NULL,
      revision BIGINT NOT NULL,
      PRIMARY KEY (project_id, plan_id, place)
    ) ${clustered}`,
  ]
}
