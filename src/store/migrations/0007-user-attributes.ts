import type { SchemaDialect } from './dialect.ts'

/** A user has attributes that are only stored and shown, as JSON. */
export function userAttributesMigration({ text }: SchemaDialect): readonly string[] {
  return [`ALTER TABLE app_user ADD COLUMN attributes ${text} NOT NULL DEFAULT '{}'`]
}
