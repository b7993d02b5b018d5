import type { SchemaDialect } from './dialect.ts'

/** A project has a token generation, which disabling it raises. */
export function projectTokenGenerationMigration(_dialect: SchemaDialect): readonly string[] {
  return ['ALTER TABLE project ADD COLUMN token_generation BIGINT NOT NULL DEFAULT 0']
}
