import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { PROFILE_NAMES, type ProfileName } from './core/profile.ts'
import { ConfigError, type ConfigSources, isLoopback, type Setting, Settings } from './settings.ts'

/** Everything that can be set about the service, whole and checked. */
export type Config = {
  readonly listenHost: string
  readonly listenPort: number
  readonly store: StoreConfig
  /** Only used when the store is new. */
  readonly adminPassword: string | undefined
  readonly publicUrl: string | undefined
  readonly region: string
  /** Addresses, and networks such as 10.0.0.0/8. */
  readonly trustedProxies: readonly string[]
  readonly profile: ProfileName
  readonly faults: boolean
  /** Whether signed requests are also accepted over two further readings of their path. */
  readonly looseSignatures: boolean
  readonly tokenTtlSeconds: number
  readonly bodyBytesMax: number
  readonly urlBytesMax: number
  readonly headerBytesMax: number
  readonly connectionsMax: number
  readonly writeQueueMax: number
  readonly requestTimeoutSeconds: number
  readonly handlerTimeoutSeconds: number
  readonly streamTimeoutSeconds: number
  readonly stopTimeoutSeconds: number
  readonly snapshotIntervalSeconds: number
  readonly indexMemoryMib: number
  readonly logLevel: string
  readonly version: string
}

/** Where everything is kept, whole and checked. */
export type StoreConfig =
  | { readonly engine: 'sqlite'; readonly folder: string }
  | {
      readonly engine: 'postgres'
      /** With the password, so it is not to be shown. */
      readonly url: string
      /** The same for people to read, without the password. */
      readonly shownUrl: string
      /** True: the schema is brought up to date at start. */
      readonly migrates: boolean
      readonly connectionsMax: number
      readonly connectTimeoutMs: number
      readonly acquireTimeoutMs: number
      readonly statementTimeoutMs: number
    }

/** Where a store is that is copied as a whole, checked. The URL has the password; `shownUrl` is for people to read. */
export type PlaceConfig =
  | { readonly engine: 'sqlite'; readonly folder: string }
  | { readonly engine: 'postgres'; readonly url: string; readonly shownUrl: string }

/** How the command line reaches a service, whole and checked. */
export type ClientConfig = {
  readonly endpoint: string
  readonly user: string
  readonly password: string | undefined
  /** Name of a project; undefined for the whole domain. */
  readonly project: string | undefined
}

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

export const SERVICE_SETTINGS = [
  {
    name: 'listen',
    value: 'HOST:PORT',
    default: '127.0.0.1:8780',
    help: 'Address to answer on. Port 0 takes a free one.',
  },
  ...STORE_SETTINGS,
  {
    name: 'migrate',
    value: 'on|off',
    default: 'off',
    help: 'Whether the schema in --store is brought up to date at start; otherwise "tagwerk migrate" does it.',
  },
  {
    name: 'admin-password',
    value: 'TEXT',
    isSecret: true,
    help: 'Password of the user admin that a first start makes. One is made up and printed once if this is not set.',
  },
  {
    name: 'public-url',
    value: 'URL',
    help: 'Base URL by which callers know the service, shown in its catalogue; taken from each request if not set.',
  },
  { name: 'region', value: 'NAME', default: 'local', help: 'Name of the region that the catalogue shows.' },
  {
    name: 'profile',
    value: 'NAME',
    default: 'huawei',
    help:
      'Which tags may be added: huawei (letters, digits, _ - . and Chinese), otc (the same without Chinese) or lenient ' +
      '(all but = * < > \\ , | /, and a missing value is the empty one).',
  },
  {
    name: 'loose-signatures',
    value: 'WHEN',
    default: 'loopback',
    help:
      'Whether signed requests also count over two further readings of their path, which SDKs need for odd keys: always, ' +
      'never, or only while the service listens on a loopback address.',
  },
  {
    name: 'faults',
    value: 'on|off',
    default: 'off',
    help: 'Whether an administrator may make a share of the calls fail or come late, to test retries.',
  },
  {
    name: 'trusted-proxies',
    value: 'LIST',
    help:
      'Addresses or networks (10.0.0.0/8), with commas between, of proxies whose X-Forwarded-For, -Proto and -Host count; ' +
      'without it a proxy is taken for the caller of everything that comes through it.',
  },
  { name: 'token-ttl-seconds', value: 'N', default: '86400', help: 'How long a token is good for.' },
  {
    name: 'body-bytes-max',
    value: 'N',
    default: '1048576',
    help: 'The most bytes of a request body; an import is streamed past it.',
  },
  { name: 'url-bytes-max', value: 'N', default: '16384', help: 'The most bytes of a URL.' },
  {
    name: 'header-bytes-max',
    value: 'N',
    default: '32768',
    help: 'The most bytes of all request headers, URL included.',
  },
  {
    name: 'connections-max',
    value: 'N',
    default: '10000',
    help: 'The most connections at a time; more are closed at once.',
  },
  {
    name: 'write-queue-max',
    value: 'N',
    default: '10000',
    help: 'Writes that may wait for their commit; past it a write is refused with 503.',
  },
  {
    name: 'request-timeout-seconds',
    value: 'N',
    default: '300',
    help: 'Time in which a request has to arrive whole, an import too.',
  },
  {
    name: 'handler-timeout-seconds',
    value: 'N',
    default: '30',
    help: 'Time in which a request has to be answered once it has arrived.',
  },
  { name: 'stream-timeout-seconds', value: 'N', default: '3600', help: 'Time in which an import has to be answered.' },
  {
    name: 'stop-timeout-seconds',
    value: 'N',
    default: '10',
    help: 'Time that requests in flight get when the service is stopped.',
  },
  {
    name: 'snapshot-interval-seconds',
    value: 'N',
    default: '60',
    help:
      'How often to look whether an index in memory has changed so much that a fresh snapshot of it is due. Snapshots, also ' +
      'written at stop, make the next start quick; they lie in the data folder and can be deleted at any time.',
  },
  {
    name: 'index-memory-mib',
    value: 'N',
    default: '1024',
    help:
      'What the indexes of projects may take in memory, in MiB; a million resources with ten tags each take about 300. ' +
      'When it gets short, the project that was asked about the longest ago is dropped, and loaded again when it is next ' +
      'asked about. One project that is larger than this is held beside the others.',
  },
  {
    name: 'log-level',
    value: 'LEVEL',
    default: 'info',
    help: 'One of trace, debug, info, warn, error, fatal, silent.',
  },
] as const satisfies readonly Setting[]

export const CLIENT_SETTINGS = [
  { name: 'endpoint', value: 'URL', default: 'http://127.0.0.1:8780', help: 'Where the service answers.' },
  { name: 'user', value: 'NAME', default: 'admin', help: 'Name of the user, in domain default.' },
  { name: 'password', value: 'TEXT', isSecret: true, help: 'Password of the user.' },
  { name: 'project', value: 'NAME', help: 'Name of the project; commands say what they do without one.' },
] as const satisfies readonly Setting[]

/** The environment of this process: the only place that reads it. */
export function processEnvironment(): ConfigSources['env'] {
  return process.env
}

/** Reads the settings of the service. Throws a ConfigError that names the setting. */
export function readServiceConfig(sources: ConfigSources): Config {
  const settings = new Settings(SERVICE_SETTINGS, sources)
  const { host, port } = settings.address('listen')
  return {
    ...{ listenHost: host, listenPort: port },
    store: toStoreConfig(settings, settings.oneOf('migrate', ['off', 'on']) === 'on'),
    adminPassword: settings.password('admin-password'),
    publicUrl: settings.url('public-url'),
    region: settings.required('region'),
    trustedProxies: settings.networks('trusted-proxies'),
    profile: settings.oneOf('profile', PROFILE_NAMES),
    faults: settings.oneOf('faults', ['off', 'on']) === 'on',
    looseSignatures: isLoose(settings.oneOf('loose-signatures', ['loopback', 'always', 'never']), host),
    tokenTtlSeconds: settings.number('token-ttl-seconds', 1, 366 * 86_400),
    bodyBytesMax: settings.number('body-bytes-max', 1024, 64 * 2 ** 20),
    urlBytesMax: settings.number('url-bytes-max', 1024, 2 ** 20),
    headerBytesMax: settings.number('header-bytes-max', 8192, 2 ** 20),
    connectionsMax: settings.number('connections-max', 1, 1_000_000),
    writeQueueMax: settings.number('write-queue-max', 1, 1_000_000),
    requestTimeoutSeconds: settings.number('request-timeout-seconds', 1, 86_400),
    handlerTimeoutSeconds: settings.number('handler-timeout-seconds', 1, 86_400),
    streamTimeoutSeconds: settings.number('stream-timeout-seconds', 1, 86_400),
    stopTimeoutSeconds: settings.number('stop-timeout-seconds', 0, 3600),
    snapshotIntervalSeconds: settings.number('snapshot-interval-seconds', 1, 86_400),
    indexMemoryMib: settings.number('index-memory-mib', 1, 16_777_216),
    logLevel: settings.oneOf('log-level', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    version: readVersion(),
  }
}

/** Reads where everything is kept, for a command that works on it. Throws a ConfigError that names the setting. */
export function readStoreConfig(sources: ConfigSources): StoreConfig {
  return toStoreConfig(new Settings(STORE_SETTINGS, sources), false)
}

/** Reads which store is copied, and into which. Throws a ConfigError that names the setting. */
export function readCopyConfig(sources: ConfigSources): { readonly from: PlaceConfig; readonly to: PlaceConfig } {
  const settings = new Settings(COPY_SETTINGS, sources)
  const from = toPlace(settings, 'from')
  const to = toPlace(settings, 'to')
  if (placeOf(from) === placeOf(to)) throw new ConfigError('--from and --to must be two stores, not the same one')
  return { from, to }
}

function toPlace(settings: Settings, name: 'from' | 'to'): PlaceConfig {
  const text = settings.required(name)
  if (!/^\w+:\/\//.test(text)) return { engine: 'sqlite', folder: text }
  const url = settings.postgresUrl(name, `${name}-password`) as URL
  return { engine: 'postgres', url: url.href, shownUrl: toShownUrl(url) }
}

function placeOf(place: PlaceConfig): string {
  return place.engine === 'sqlite' ? resolve(place.folder) : place.shownUrl
}

function toShownUrl({ protocol, username, host, pathname }: URL): string {
  return `${protocol}//${username}@${host}${pathname}`
}

function toStoreConfig(settings: Settings, migrates: boolean): StoreConfig {
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

function isLoose(when: 'loopback' | 'always' | 'never', host: string): boolean {
  return when === 'always' || (when === 'loopback' && isLoopback(host))
}

/** Reads the settings of the command line's client. Throws a ConfigError that names the setting. */
export function readClientConfig(sources: ConfigSources): ClientConfig {
  const settings = new Settings(CLIENT_SETTINGS, sources)
  return {
    endpoint: settings.url('endpoint') as string,
    user: settings.required('user'),
    password: settings.text('password'),
    project: settings.text('project') || undefined,
  }
}

/** The version of this program. */
export function readVersion(): string {
  const file = new URL('../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
