import { initialSchemaMigration } from './migrations/0001-initial-schema.ts'
import { accountsMigration } from './migrations/0002-accounts.ts'
import { creationTimeMigration } from './migrations/0003-creation-time.ts'
import { predefinedTagsMigration } from './migrations/0004-predefined-tags.ts'
import { imageMembersMigration } from './migrations/0005-image-members.ts'
import { imageMemberStateMigration } from './migrations/0006-image-member-state.ts'
import { userAttributesMigration } from './migrations/0007-user-attributes.ts'
import { projectTagsMigration } from './migrations/0008-project-tags.ts'
import { projectTokenGenerationMigration } from './migrations/0009-project-token-generation.ts'
import { accountLogMigration } from './migrations/0010-account-log.ts'
import { signingKeysMigration } from './migrations/0011-signing-keys.ts'
import { projectLimitsMigration } from './migrations/0012-project-limits.ts'
import { domainsMigration } from './migrations/0013-domains.ts'
import { historyMigration } from './migrations/0014-history.ts'
import { plansMigration } from './migrations/0015-plans.ts'
import { oneCopyMigration } from './migrations/0016-one-copy.ts'
import { ignoredGroupsMigration } from './migrations/0017-ignored-groups.ts'
import { coverageMigration } from './migrations/0018-coverage.ts'
import { tagPoliciesMigration } from './migrations/0019-tag-policies.ts'
import type { SchemaDialect } from './migrations/dialect.ts'
import type { SqlConnection } from './sql/sql.ts'

/** Every migration in order. A released migration never changes. */
export const MIGRATIONS = [
  initialSchemaMigration,
  accountsMigration,
  creationTimeMigration,
  predefinedTagsMigration,
  imageMembersMigration,
  imageMemberStateMigration,
  userAttributesMigration,
  projectTagsMigration,
  projectTokenGenerationMigration,
  accountLogMigration,
  signingKeysMigration,
  projectLimitsMigration,
  domainsMigration,
  historyMigration,
  plansMigration,
  oneCopyMigration,
  ignoredGroupsMigration,
  coverageMigration,
  tagPoliciesMigration,
]

/** The schema version that this program needs. */
export const SCHEMA_VERSION = MIGRATIONS.length

/**
 * Added to the schema version of a store while a copy into it is unfinished. Every program, older ones too, then
 * refuses to open the store as one of a newer schema.
 */
export const COPY_MARK = 1_000_000

/**
 * Migrates the schema to this program's version. The caller holds a transaction that excludes other migrations. Throws
 * when a newer program wrote the data.
 */
export async function migrate(db: SqlConnection, dialect: SchemaDialect): Promise<void> {
  await db.run('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)')
  const row = await db.get('SELECT version FROM schema_version')
  const version = row === undefined ? 0 : Number(row.version)
  throwIfNewer(version)
  for (const migration of MIGRATIONS.slice(version)) {
    for (const statement of migration(dialect)) await db.run(statement)
  }
  if (row === undefined) await db.run('INSERT INTO schema_version (version) VALUES (?)', SCHEMA_VERSION)
  else await db.run('UPDATE schema_version SET version = ?', SCHEMA_VERSION)
}

/** Throws when a newer program wrote the data, and when it is an unfinished copy. */
export function throwIfNewer(version: number): void {
  if (version <= SCHEMA_VERSION) return
  if (version > COPY_MARK) {
    throw new Error(
      `there is an unfinished copy (of schema ${version - COPY_MARK}): run the same "tagwerk copy" again, or start with an empty store`,
    )
  }
  throw new Error(
    `the data was written by a newer Tagwerk (schema ${version}; this one knows ${SCHEMA_VERSION}): use that version`,
  )
}
