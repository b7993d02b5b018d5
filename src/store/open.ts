import { SCHEMA_VERSION } from './migrate.ts'
import { openPostgresStore } from './postgres.ts'
import type { PostgresOptions } from './postgres-client.ts'
import type { PostgresEvents } from './postgres-pool.ts'
import { migratePostgres } from './postgres-schema.ts'
import { openSqliteStore } from './sqlite.ts'
import type { Store } from './store.ts'

/** Where a store is. `shownUrl` is the URL for people to read, and `migrates` whether opening it mends its schema. */
export type StorePlace =
  | { readonly engine: 'sqlite'; readonly folder: string }
  | ({ readonly engine: 'postgres'; readonly shownUrl: string; readonly migrates: boolean } & PostgresOptions)

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

/** Brings the schema in a place up to date, and gives its number. Throws when a newer program has been there. */
export async function migrateStore(place: StorePlace): Promise<number> {
  if (place.engine === 'postgres') await migratePostgres(place)
  // A data folder has one process at a time, so opening it is always the moment for it.
  else await (await openSqliteStore(place.folder, () => undefined)).close()
  return SCHEMA_VERSION
}

/** A place in words, without passwords. */
export function describePlace(place: StorePlace): string {
  return place.engine === 'sqlite' ? place.folder : place.shownUrl
}
