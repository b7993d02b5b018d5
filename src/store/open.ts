import { statSync } from 'node:fs'
import type { CopySource, CopyTarget } from './copy/endpoints.ts'
import type { CopyLocation, StoreLocation } from './location.ts'
import { SCHEMA_VERSION } from './migrate.ts'
import { openPostgresCopySource, openPostgresCopyTarget } from './postgres/copy-endpoints.ts'
import type { PostgresEvents } from './postgres/pool.ts'
import { openPostgresStore } from './postgres/postgres-store.ts'
import { migratePostgres } from './postgres/schema.ts'
import { type BackupReport, backupDataFolder, restoreDataFolder } from './sqlite/backup.ts'
import type { Baseline } from './sqlite/baseline.ts'
import { openSqliteCopySource, openSqliteCopyTarget } from './sqlite/copy-endpoints.ts'
import { databaseFileIn } from './sqlite/data-folder.ts'
import type { OnStep } from './sqlite/database-file.ts'
import { openSqliteReadOnly, type ReadOnlyStore } from './sqlite/read-only-store.ts'
import { openSqlitePrimary, openSqliteStore } from './sqlite/sqlite-store.ts'
import type { Store } from './store.ts'

/** Called by an open store. */
export type StoreEvents = PostgresEvents & {
  /** The store has failed for good; the process has to be restarted. */
  readonly onFailure: (error: Error) => void
  /** Something failed that affects no call, for the log. */
  readonly onWarning: (message: string) => void
}

/** Opens the store at a location; see `openSqliteStore` and `openPostgresStore`. */
export function openStore(location: StoreLocation, events: StoreEvents): Promise<Store> {
  return location.engine === 'sqlite'
    ? openSqliteStore(location.folder, events.onFailure, { ...location, ...events })
    : openPostgresStore({ ...location, ...events })
}

/** Opens the store of a service of one process, with its baseline if the store does not outlive the process. */
export async function openServiceStore(
  location: StoreLocation,
  events: StoreEvents,
): Promise<{ readonly store: Store; readonly baseline: Baseline | undefined }> {
  if (location.engine !== 'sqlite' || !location.isEphemeral) {
    return { store: await openStore(location, events), baseline: undefined }
  }
  const { store, baseline } = await openSqlitePrimary(location.folder, events.onFailure, { ...location, ...events })
  return { store, baseline }
}

/** Opens the store at a location for reading, also while other processes use it. */
export async function openReadOnlyStore(location: StoreLocation, events: PostgresEvents): Promise<ReadOnlyStore> {
  if (location.engine === 'sqlite') return openSqliteReadOnly(location.folder)
  // PostgreSQL verifies its own structures, with pg_amcheck and page checksums.
  return { ...(await openPostgresStore({ ...location, ...events })), findDamage: async () => [] }
}

/** Migrates the schema at a location and returns its version. Throws when a newer program wrote the data. */
export async function migrateStore(location: StoreLocation): Promise<number> {
  if (location.engine === 'postgres') await migratePostgres(location)
  // Opening a data folder migrates it: no other process can be using it.
  else await (await openSqliteStore(location.folder, () => undefined)).close()
  return SCHEMA_VERSION
}

/** Opens the store at a location as the source of a copy; see `openSqliteCopySource` and `openPostgresCopySource`. */
export function openCopySource(location: CopyLocation): Promise<CopySource> {
  return location.engine === 'sqlite' ? openSqliteCopySource(location.folder) : openPostgresCopySource(location.url)
}

/** Opens the store at a location as the target of a copy; see `openSqliteCopyTarget` and `openPostgresCopyTarget`. */
export function openCopyTarget(location: CopyLocation): Promise<CopyTarget> {
  return location.engine === 'sqlite' ? openSqliteCopyTarget(location.folder) : openPostgresCopyTarget(location.url)
}

/** How a file is written or read, and whether it may take the place of another one. */
export type BackupOptions = { readonly replaces: boolean; readonly onStep: OnStep }

/** Writes the store at a location to a file; see `backupDataFolder`. Throws for PostgreSQL, with the command to use. */
export async function backupStore(
  location: StoreLocation,
  file: string,
  { replaces, onStep }: BackupOptions,
): Promise<BackupReport> {
  if (location.engine === 'sqlite') return backupDataFolder(location.folder, file, replaces, onStep)
  throw new Error(
    'a PostgreSQL database is backed up with its own programs, also while nodes use it: ' +
      `pg_dump --format=custom --file=${file} ${location.shownUrl}`,
  )
}

/** Makes a store from a backup; see `restoreDataFolder`. Throws for PostgreSQL, with the command to use. */
export async function restoreStore(
  file: string,
  location: StoreLocation,
  { replaces, onStep }: BackupOptions,
): Promise<BackupReport> {
  if (location.engine === 'sqlite') return restoreDataFolder(file, location.folder, replaces, onStep)
  throw new Error(
    'a PostgreSQL database is restored with its own programs, into an empty database and before any node is started: ' +
      `pg_restore --no-owner --dbname=${location.shownUrl} ${file}`,
  )
}

/** The path of the write-ahead log in a data folder. It does not exist while the log is empty. */
export function writeAheadLogIn(folder: string): string {
  return `${databaseFileIn(folder)}-wal`
}

/** The size of the database file at a location; unknown, and so infinite, for PostgreSQL. */
export function storeBytes(location: StoreLocation): number {
  if (location.engine === 'postgres') return Number.POSITIVE_INFINITY
  return statSync(databaseFileIn(location.folder), { throwIfNoEntry: false })?.size ?? 0
}
