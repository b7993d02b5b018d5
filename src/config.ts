import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROFILE_NAMES, type ProfileName } from './core/profile.ts'
import { ConfigError, type ConfigSources, isLoopback, type Setting, Settings } from './settings.ts'
import type { StoreLocation } from './store/location.ts'
import { STORE_SETTINGS, toStoreConfig } from './store-config.ts'

/** Everything that can be set about the service, whole and checked. */
export type Config = {
  readonly listenHost: string
  readonly listenPort: number
  readonly store: StoreLocation
  /** Processes that answer. */
  readonly workers: number
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
  /** Where snapshots of indexes are kept; undefined: there are none. */
  readonly snapshotFolder: string | undefined
  readonly indexMemoryMib: number
  readonly logLevel: string
  readonly version: string
}

/** How the command line reaches a service, whole and checked. */
export type ClientConfig = {
  readonly endpoint: string
  readonly user: string
  readonly password: string | undefined
  /** Name of a project; undefined for the whole domain. */
  readonly project: string | undefined
}

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
    name: 'workers',
    value: 'N',
    default: '1',
    help:
      'Processes that answer on the address, for more than one core; one that dies is replaced. Limits of connections, waiting ' +
      'writes, index memory and connections to --store count for each of them.',
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
      'written at stop, make the next start quick, and can be deleted at any time.',
  },
  {
    name: 'snapshot-folder',
    value: 'FOLDER',
    help:
      'Folder for snapshots of indexes, made if it is missing. Without it they lie in the folder of the data, or, over --store, ' +
      'there are none. Nodes that run on different machines have one each; it need not outlive the machine.',
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

const WORKERS_MAX = 256

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
  const workers = settings.number('workers', 1, WORKERS_MAX)
  const faults = settings.oneOf('faults', ['off', 'on']) === 'on'
  const store = toStoreConfig(settings, settings.oneOf('migrate', ['off', 'on']) === 'on')
  // A plan of faults is kept by the process that was told it.
  if (faults && workers > 1) throw new ConfigError('--faults on goes with one process: leave --workers at 1')
  return {
    ...{ listenHost: host, listenPort: port },
    store,
    adminPassword: settings.password('admin-password'),
    publicUrl: settings.url('public-url'),
    region: settings.required('region'),
    trustedProxies: settings.networks('trusted-proxies'),
    profile: settings.oneOf('profile', PROFILE_NAMES),
    ...{ workers, faults },
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
    snapshotFolder: settings.text('snapshot-folder') || folderInData(store),
    indexMemoryMib: settings.number('index-memory-mib', 1, 16_777_216),
    logLevel: settings.oneOf('log-level', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    version: readVersion(),
  }
}

function folderInData(store: StoreLocation): string | undefined {
  return store.engine === 'sqlite' ? join(store.folder, 'snapshots') : undefined
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
