import type { SchemaDialect } from './dialect.ts'

/** A project has limits of its own, as JSON, and counts its resources and the bytes of their details. */
export function projectLimitsMigration({ text }: SchemaDialect): readonly string[] {
  const of = (value: string) => `(SELECT ${value} FROM resource WHERE resource.project_id = project_state.project_id)`
  return [
    `ALTER TABLE project ADD COLUMN limits ${text} NOT NULL DEFAULT '{}'`,
    'ALTER TABLE project_state ADD COLUMN resource_count BIGINT NOT NULL DEFAULT 0',
    'ALTER TABLE project_state ADD COLUMN detail_bytes BIGINT NOT NULL DEFAULT 0',
    `UPDATE project_state SET resource_count = ${of('COUNT(*)')},
       detail_bytes = ${of('COALESCE(SUM(OCTET_LENGTH(detail)), 0)')}`,
  ]
}
