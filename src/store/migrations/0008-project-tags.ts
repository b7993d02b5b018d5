import type { SchemaDialect } from './dialect.ts'

/** A project has tags, a JSON array of texts. */
export function projectTagsMigration({ text }: SchemaDialect): readonly string[] {
  return [`ALTER TABLE project ADD COLUMN tags ${text} NOT NULL DEFAULT '[]'`]
}
