import type { CopySource, CopyTarget } from './copy/endpoints.ts'
import type { CopyLocation, StoreLocation } from './location.ts'
import { SCHEMA_VERSION } from './migrate.ts'
import { openPostgresCopySource, openPostgresCopyTarget } from './postgres/copy-endpoints.ts'
import type { PostgresEvents } from './postgres/pool.ts'
import { openPostgresStore } from './postgres/postgres-store.ts'
import { migratePostgres } from './postgres/schema.ts'
import { openSqliteCopySource, openSqliteCopyTarget } from './sqlite/copy-endpoints.ts'
import { openSqliteReadOnly, type ReadOnlyStore } from './sqlite/read-only-store.ts'
import { openSqliteStore } from './sqlite/sqlite-store.ts'
import type { Store } from './store.ts'

/** What a store tells while it is open. */
export type StoreEvents = PostgresEvents & {
  /** The store can do no more work, and only a new process helps. */
  readonly onFailure: (error: Error) => void
}

/** Opens the store in a location; see `openSqliteStore` and `openPostgresStore`. */
export function openStore(location: StoreLocation, events: StoreEvents): Promise<Store> {
  return location.engine === 'sqlite'
    ? openSqliteStore(location.folder, events.onFailure)
    : openPostgresStore({ ...location, ...events })
}

/** Opens the store in a location for reading, beside whoever works with it. */
export function openReadOnlyStore(location: StoreLocation, events: PostgresEvents): Promise<ReadOnlyStore> {
  return location.engine === 'sqlite'
    ? openSqliteReadOnly(location.folder)
    : openPostgresStore({ ...location, ...events })
}

/** Brings the schema in a location up to date, and gives its number. Throws when a newer program has been there. */
export async function migrateStore(location: StoreLocation): Promise<number> {
  if (location.engine === 'postgres') await migratePostgres(location)
  // A data folder has one process at a time, so opening it is always the moment for it.
  else await (await openSqliteStore(location.folder, () => undefined)).close()
  return SCHEMA_VERSION
}

/** Opens the store in a location to copy from it; see `openSqliteCopySource` and `openPostgresCopySource`. */
export function openCopySource(location: CopyLocation): Promise<CopySource> {
  return location.engine === 'sqlite' ? openSqliteCopySource(location.folder) : openPostgresCopySource(location.url)
}

/** Opens the store in a location to copy into it; see `openSqliteCopyTarget` and `openPostgresCopyTarget`. */
export function openCopyTarget(location: CopyLocation): Promise<CopyTarget> {
  return location.engine === 'sqlite' ? openSqliteCopyTarget(location.folder) : openPostgresCopyTarget(location.url)
}
