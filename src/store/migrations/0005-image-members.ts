import type { SchemaDialect } from './dialect.ts'

/** With which projects images are shared. */
export function imageMembersMigration({ clustered, text }: SchemaDialect): readonly string[] {
  return [
    `CREATE TABLE image_member (
      owner_project_id ${text} NOT NULL,
      image_id ${text} NOT NULL,
      sequence BIGINT NOT NULL,
      member_project_id ${text} NOT NULL,
      status ${text} NOT NULL,
      created_at_ms BIGINT NOT NULL,
      updated_at_ms BIGINT NOT NULL,
      PRIMARY KEY (owner_project_id, image_id, sequence, member_project_id)
    ) ${clustered}`,
    `CREATE INDEX image_member_by_member ON image_member (member_project_id, status, image_id)`,
  ]
}
