import { initialSchemaMigration } from './migrations/0001-initial-schema.ts'
import { accountsMigration } from './migrations/0002-accounts.ts'
import { creationTimeMigration } from './migrations/0003-creation-time.ts'
import { predefinedTagsMigration } from './migrations/0004-predefined-tags.ts'
import { imageMembersMigration } from './migrations/0005-image-members.ts'
import { imageMemberStateMigration } from './migrations/0006-image-member-state.ts'
import { run, type SqlConnection } from './sql/sql.ts'

/** Every step of the schema in order; a step that has been released never changes. */
const MIGRATIONS = [
  initialSchemaMigration,
  accountsMigration,
  creationTimeMigration,
  predefinedTagsMigration,
  imageMembersMigration,
  imageMemberStateMigration,
]

/** The schema that this program needs. */
export const SCHEMA_VERSION = MIGRATIONS.length

/**
 * Added to the number of the schema while a copy into the store is not finished: every program, those of before too,
 * then takes the store for one that it cannot open.
 */
export const COPY_MARK = 1_000_000

/**
 * Brings the schema up to date. The caller holds a transaction in which nobody else migrates. Throws when a newer
 * program has been here.
 */
export async function migrate(db: SqlConnection, clustered: string): Promise<void> {
  await run(db, 'CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)')
  const row = await db.get('SELECT version FROM schema_version')
  const version = row === undefined ? 0 : Number(row.version)
  throwIfNewer(version)
  for (const migration of MIGRATIONS.slice(version)) {
    for (const statement of migration(clustered)) await run(db, statement)
  }
  if (row === undefined) await run(db, 'INSERT INTO schema_version (version) VALUES (?)', SCHEMA_VERSION)
  else await run(db, 'UPDATE schema_version SET version = ?', SCHEMA_VERSION)
}

/** Throws when data is of a schema that only a newer program knows, and when it is a copy that is not whole. */
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
