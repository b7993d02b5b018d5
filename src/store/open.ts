import type { TransferSource, TransferTarget } from './copy/endpoints.ts'
import { SCHEMA_VERSION } from './migrate.ts'
import type { PostgresOptions } from './postgres/client-config.ts'
import { openPostgresTransferSource, openPostgresTransferTarget } from './postgres/copy-endpoints.ts'
import type { PostgresEvents } from './postgres/pool.ts'
import { openPostgresStore } from './postgres/postgres-store.ts'
import { migratePostgres } from './postgres/schema.ts'
import { openSqliteTransferSource, openSqliteTransferTarget } from './sqlite/copy-endpoints.ts'
import { openSqliteBeside, type StoreReader } from './sqlite/read-only-store.ts'
import { openSqliteStore } from './sqlite/sqlite-store.ts'
import type { Store } from './store.ts'

/** Where a store is. `shownUrl` is the URL for people to read, and `migrates` whether opening it mends its schema. */
export type StorePlace =
  | { readonly engine: 'sqlite'; readonly folder: string }
  | ({ readonly engine: 'postgres'; readonly shownUrl: string; readonly migrates: boolean } & PostgresOptions)

/** Where a store is that is copied as a whole. */
export type TransferPlace =
  | { readonly engine: 'sqlite'; readonly folder: string }
  | { readonly engine: 'postgres'; readonly url: string; readonly shownUrl: string }

/** What a store tells while it is open. */
export type StoreEvents = PostgresEvents & {
  /** The store can do no more work, and only a new process helps. */
  readonly onFailure: (error: Error) => void
}

/** Opens the store in a place; see `openSqliteStore` and `openPostgresStore`. */
export function openStore(place: StorePlace, events: StoreEvents): Promise<Store> {
  return place.engine === 'sqlite'
    ? openSqliteStore(place.folder, events.onFailure)
    : openPostgresStore({ ...place, ...events })
}

/** Opens the store in a place for reading, beside whoever works with it. */
export function openReader(place: StorePlace, events: PostgresEvents): Promise<StoreReader> {
  return place.engine === 'sqlite' ? openSqliteBeside(place.folder) : openPostgresStore({ ...place, ...events })
}

/** Brings the schema in a place up to date, and gives its number. Throws when a newer program has been there. */
export async function migrateStore(place: StorePlace): Promise<number> {
  if (place.engine === 'postgres') await migratePostgres(place)
  // A data folder has one process at a time, so opening it is always the moment for it.
  else await (await openSqliteStore(place.folder, () => undefined)).close()
  return SCHEMA_VERSION
}

/** Opens the store in a place to copy from it; see `openSqliteTransferSource` and `openPostgresTransferSource`. */
export function openTransferSource(place: TransferPlace): Promise<TransferSource> {
  return place.engine === 'sqlite' ? openSqliteTransferSource(place.folder) : openPostgresTransferSource(place.url)
}

/** Opens the store in a place to copy into it; see `openSqliteTransferTarget` and `openPostgresTransferTarget`. */
export function openTransferTarget(place: TransferPlace): Promise<TransferTarget> {
  return place.engine === 'sqlite' ? openSqliteTransferTarget(place.folder) : openPostgresTransferTarget(place.url)
}

/** A place in words, without passwords. */
export function describePlace(place: StorePlace | TransferPlace): string {
  return place.engine === 'sqlite' ? place.folder : place.shownUrl
}
