import type { SchemaDialect } from './dialect.ts'

/** There may be several domains; each has a description and can be disabled. */
export function domainsMigration({ text }: SchemaDialect): readonly string[] {
  return [
    `ALTER TABLE domain ADD COLUMN description ${text} NOT NULL DEFAULT ''`,
    'ALTER TABLE domain ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1',
  ]
}
