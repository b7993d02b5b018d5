import type { SchemaDialect } from './dialect.ts'

/** A row per project that images are shared with, which serves as a lock. */
export function imageMemberStateMigration({ clustered, text }: SchemaDialect): readonly string[] {
  return [
    `CREATE TABLE image_member_state (
      member_project_id ${text} NOT NULL PRIMARY KEY
    ) ${clustered}`,
  ]
}
