import { resolve } from 'node:path'
import { ConfigError, type ConfigSources, type Setting, Settings } from './settings.ts'
import type { CopyLocation, StoreLocation } from './store/location.ts'

// Where everything is kept, as settings say it.

/** What says where everything is kept. */
export const STORE_SETTINGS = [
  {
    name: 'data',
    value: 'FOLDER',
    default: './tagwerk-data',
    help: 'Folder of the data, unless --store says otherwise; made if it is missing.',
  },
  {
    name: 'store',
    value: 'URL',
    help:
      'PostgreSQL database to keep everything in, which many nodes may share: postgres://user@host:5432/database, with ' +
      '?sslmode=disable, require, verify-ca or verify-full (the default for other machines) and sslrootcert=FILE as needed.',
  },
  {
    name: 'store-password',
    value: 'TEXT',
    isSecret: true,
    help: 'Password for --store, which is better kept here than in the URL.',
  },
  {
    name: 'store-connections-max',
    value: 'N',
    default: '16',
    help: 'The most connections to --store of one process: a quarter for reads, half for writes, a quarter for loading and export.',
  },
  {
    name: 'store-connect-timeout-ms',
    value: 'N',
    default: '500',
    help: 'Time in which a connection to --store has to be made, in milliseconds; past it the database counts as away.',
  },
  {
    name: 'store-acquire-timeout-ms',
    value: 'N',
    default: '5000',
    help: 'Time that a call waits for one of the connections to --store, in milliseconds; past it the answer is 503.',
  },
  {
    name: 'store-statement-timeout-ms',
    value: 'N',
    default: '10000',
    help: 'Time that one statement in --store may take, waiting for other nodes included, in milliseconds.',
  },
] as const satisfies readonly Setting[]

/** What says which store is copied, and into which. */
export const COPY_SETTINGS = [
  { name: 'from', value: 'STORE', help: 'Store to copy: a data folder, or a postgres:// URL as --store takes it.' },
  { name: 'from-password', value: 'TEXT', isSecret: true, help: 'Password for a database in --from.' },
  { name: 'to', value: 'STORE', help: 'Store to copy into: a data folder or a postgres:// URL. It must be empty.' },
  { name: 'to-password', value: 'TEXT', isSecret: true, help: 'Password for a database in --to.' },
] as const satisfies readonly Setting[]

/** Reads where everything is kept, for a command that works on it. Throws a ConfigError that names the setting. */
export function readStoreConfig(sources: ConfigSources): StoreLocation {
  return toStoreConfig(new Settings(STORE_SETTINGS, sources), false)
}

/** Reads which store is copied, and into which. Throws a ConfigError that names the setting. */
export function readCopyConfig(sources: ConfigSources): { readonly from: CopyLocation; readonly to: CopyLocation } {
  const settings = new Settings(COPY_SETTINGS, sources)
  const from = toPlace(settings, 'from')
  const to = toPlace(settings, 'to')
  if (placeOf(from) === placeOf(to)) throw new ConfigError('--from and --to must be two stores, not the same one')
  return { from, to }
}

function toPlace(settings: Settings, name: 'from' | 'to'): CopyLocation {
  const text = settings.required(name)
  if (!/^\w+:\/\//.test(text)) return { engine: 'sqlite', folder: text }
  const url = settings.postgresUrl(name, `${name}-password`) as URL
  return { engine: 'postgres', url: url.href, shownUrl: toShownUrl(url) }
}

function placeOf(place: CopyLocation): string {
  return place.engine === 'sqlite' ? resolve(place.folder) : place.shownUrl
}

function toShownUrl({ protocol, username, host, pathname }: URL): string {
  return `${protocol}//${username}@${host}${pathname}`
}

/** Makes what the settings say of the store; `migrates`: whether opening it mends its schema. */
export function toStoreConfig(settings: Settings, migrates: boolean): StoreLocation {
  const numbers = {
    connectionsMax: settings.number('store-connections-max', 4, 1000),
    connectTimeoutMs: settings.number('store-connect-timeout-ms', 50, 60_000),
    acquireTimeoutMs: settings.number('store-acquire-timeout-ms', 50, 60_000),
    statementTimeoutMs: settings.number('store-statement-timeout-ms', 100, 3_600_000),
  }
  const url = settings.postgresUrl('store', 'store-password')
  if (url === undefined) return { engine: 'sqlite', folder: settings.required('data') }
  return { engine: 'postgres', url: url.href, shownUrl: toShownUrl(url), migrates, ...numbers }
}
