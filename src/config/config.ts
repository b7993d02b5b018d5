import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { CopyLocation, StoreLocation } from '../store/location.ts'
import { consoleFolder } from './console-folder.ts'
import { isLoopback } from './network.ts'
import { completePostgresUrl, toShownUrl } from './postgres-url.ts'
import { ConfigError, type ConfigSources, readSetting, readSettings, type ValuesOf } from './setting.ts'
import {
  ADMIN_PASSWORD_SETTINGS,
  CLIENT_SETTINGS,
  COPY_SETTINGS,
  ENV_SETTINGS,
  LISTEN_SETTING,
  NEW_PASSWORD_SETTINGS,
  PROCESS_SETTINGS,
  ROTATE_KEYS_SETTINGS,
  STORE_SETTINGS,
} from './table.ts'
import { unknownVariables } from './unknown-variables.ts'
import { readVersion } from './version.ts'

type ProcessValues = ValuesOf<typeof PROCESS_SETTINGS>

/** Where the keys that encrypt secrets come from: at most one of the two. */
export type SecretConfig = Pick<ProcessValues, 'secretKeyFile' | 'secretKey'>

/** The complete, validated configuration of the service. */
export type Config = Omit<
  ProcessValues,
  | 'console'
  | 'ephemeral'
  | 'migrate'
  | 'foundAnew'
  | 'accessKey'
  | 'accessKeySecret'
  | 'looseSignatures'
  | 'snapshotFolder'
  | 'trustedProxies'
  | 'tlsCert'
  | 'tlsKey'
> & {
  readonly listenHost: string
  readonly listenPort: number
  readonly store: StoreLocation
  /** The first access key of the administrator; undefined if none is given. */
  readonly initialAccessKey: { readonly accessKey: string; readonly secretKey: string } | undefined
  /** Whether signatures are also verified against two alternative encodings of the path. */
  readonly looseSignatures: boolean
  /** Folder of index snapshots; undefined disables snapshots. */
  readonly snapshotFolder: string | undefined
  /** Addresses, and networks such as 10.0.0.0/8. */
  readonly trustedProxies: readonly string[]
  /** Folder of the console; undefined to serve none. */
  readonly consoleFolder: string | undefined
  /** Files of certificate and key; undefined for plain HTTP. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined
  /** What the start is to warn of. */
  readonly warnings: readonly string[]
  readonly version: string
}

/** The complete, validated configuration of a client command. Without a project it works on the whole domain. */
export type ClientConfig = ValuesOf<typeof CLIENT_SETTINGS>

/** The environment of this process. No other module reads it. */
export function processEnvironment(): ConfigSources['env'] {
  return process.env
}

/** Reads the settings of the service. Throws a ConfigError that names the setting. */
export function readServiceConfig(sources: ConfigSources): Config {
  const { host, port } = readSetting(LISTEN_SETTING, sources)
  const { ephemeral, migrate, foundAnew, accessKey, accessKeySecret, tlsCert, tlsKey, ...values } = readSettings(
    PROCESS_SETTINGS,
    sources,
  )
  // Each process holds its own fault plan.
  if (values.faults && values.workers > 1) {
    throw new ConfigError('--faults on needs a single process: remove --workers or set it to 1')
  }
  if (ephemeral) checkEphemeral(values, foundAnew, sources)
  else checkDurable(values)
  const store = ephemeral ? ephemeralStore() : readStore(sources, migrate)
  if (foundAnew && store.engine === 'postgres') {
    throw new ConfigError('--found-anew is for a data folder: remove it, or remove --store')
  }
  checkSecretConfig(values)
  const { metricsListen } = values
  if (port !== 0 && metricsListen?.port === port && metricsListen.host === host) {
    throw new ConfigError('--metrics-listen must have another port than --listen')
  }
  const tls = toTlsFiles(tlsCert, tlsKey)
  const trustedProxies = values.trustedProxies ?? []
  const { console: hasConsole, ...others } = values
  return {
    ...others,
    listenHost: host,
    listenPort: port,
    store: foundAnew && store.engine === 'sqlite' ? { ...store, foundsAnew: true } : store,
    looseSignatures: acceptsLooseSignatures(values, host),
    initialAccessKey: toKeyPair(accessKey, accessKeySecret),
    snapshotFolder: values.snapshotFolder ?? defaultSnapshotFolder(store),
    trustedProxies,
    consoleFolder: hasConsole ? consoleFolder() : undefined,
    tls,
    warnings: [
      ...unknownVariables(sources.env).map(({ description }) => description),
      ...(isLoopback(host) || tls !== undefined || trustedProxies.length > 0 ? [] : [unencrypted(host)]),
    ],
    version: readVersion(),
  }
}

/** Reads the location of the store, for a command that works on it. Throws a ConfigError that names the setting. */
export function readStoreConfig(sources: ConfigSources): StoreLocation {
  return readStore(sources, false)
}

/** Reads the location of the store and the new password, if one is set. Throws a ConfigError that names the setting. */
export function readAdminPasswordConfig(sources: ConfigSources): {
  readonly store: StoreLocation
  readonly password: string | undefined
} {
  const { adminPassword } = readSettings(ADMIN_PASSWORD_SETTINGS, sources)
  return { store: readStore(sources, false), password: adminPassword }
}

/** Reads the settings of the command that makes a new key for tokens. Throws a ConfigError that names the setting. */
export function readRotateKeysConfig(sources: ConfigSources): {
  readonly store: StoreLocation
  readonly secrets: SecretConfig
  readonly tokenTtlSeconds: number
} {
  const { secretKeyFile, secretKey, tokenTtlSeconds } = readSettings(ROTATE_KEYS_SETTINGS, sources)
  const secrets = { secretKeyFile, secretKey }
  checkSecretConfig(secrets)
  return { store: readStore(sources, false), secrets, tokenTtlSeconds }
}

/** Reads source and target of a copy. Throws a ConfigError that names the setting. */
export function readCopyConfig(sources: ConfigSources): { readonly from: CopyLocation; readonly to: CopyLocation } {
  const [fromSetting, fromPassword, toSetting, toPassword] = COPY_SETTINGS
  const password = (setting: typeof fromPassword | typeof toPassword) => () => readSetting(setting, sources)
  const from = toCopyLocation(readSetting(fromSetting, sources), password(fromPassword))
  const to = toCopyLocation(readSetting(toSetting, sources), password(toPassword))
  if (identityOf(from) === identityOf(to)) throw new ConfigError('--from and --to must be two different stores')
  return { from, to }
}

/** Reads the settings of a client command. Throws a ConfigError that names the setting. */
export function readClientConfig(sources: ConfigSources): ClientConfig {
  return readSettings(CLIENT_SETTINGS, sources)
}

/** Reads the settings of the command that prints variables. Throws a ConfigError that names the setting. */
export function readEnvConfig(sources: ConfigSources): {
  readonly client: ClientConfig
  readonly keyPair: Config['initialAccessKey']
} {
  const { accessKey, accessKeySecret, ...client } = readSettings(ENV_SETTINGS, sources)
  return { client, keyPair: toKeyPair(accessKey, accessKeySecret) }
}

/** Reads the new password of a user from its variable; undefined if that is not set. */
export function readNewPasswordConfig(sources: ConfigSources): string | undefined {
  return readSettings(NEW_PASSWORD_SETTINGS, sources).newPassword
}

/** The data folder counts only without a database, and the password only with one. */
function readStore(sources: ConfigSources, migrates: boolean): StoreLocation {
  const [folder, database, password, ...limits] = STORE_SETTINGS
  const values = readSettings(limits, sources)
  const bareUrl = readSetting(database, sources)
  if (bareUrl === undefined) return { engine: 'sqlite', folder: readSetting(folder, sources) }
  const url = completePostgresUrl(bareUrl, readSetting(password, sources))
  return {
    engine: 'postgres',
    url: url.href,
    shownUrl: toShownUrl(url),
    migrates,
    connectionsMax: values.storeConnectionsMax,
    connectTimeoutMs: values.storeConnectTimeoutMs,
    acquireTimeoutMs: values.storeAcquireTimeoutMs,
    statementTimeoutMs: values.storeStatementTimeoutMs,
  }
}

/** A folder that does not exist yet. Its name cannot be guessed, so nobody else can have created it. */
function ephemeralStore(): StoreLocation {
  return { engine: 'sqlite', folder: join(tmpdir(), `tagwerk-ephemeral-${randomUUID()}`), isEphemeral: true }
}

function checkEphemeral(
  { workers, snapshotFolder }: Pick<ProcessValues, 'workers' | 'snapshotFolder'>,
  foundAnew: boolean,
  sources: ConfigSources,
): void {
  // The variable of the folder has no effect: the container image sets it.
  if (sources.flags.data !== undefined) throw new ConfigError('--ephemeral keeps no data: remove --data')
  const [, database] = STORE_SETTINGS
  if (readSetting(database, sources) !== undefined) {
    throw new ConfigError('--ephemeral keeps no data: remove --store (or TAGWERK_STORE)')
  }
  if (snapshotFolder !== undefined) throw new ConfigError('--ephemeral keeps no data: remove --snapshot-folder')
  if (foundAnew) throw new ConfigError('--ephemeral keeps no data: remove --found-anew')
  if (workers > 1) throw new ConfigError('--ephemeral needs a single process: remove --workers or set it to 1')
}

/** A seed would be imported again at every start, and a reset would destroy data that somebody keeps. */
function checkDurable({ seed, resettable }: Pick<ProcessValues, 'seed' | 'resettable'>): void {
  if (seed !== undefined) {
    throw new ConfigError('--seed needs --ephemeral: "tagwerk import" imports files into a store that is kept')
  }
  if (resettable)
    throw new ConfigError('--resettable needs --ephemeral: a reset deletes what was written since the start')
}

function toKeyPair(accessKey: string | undefined, secretKey: string | undefined): Config['initialAccessKey'] {
  if (accessKey === undefined && secretKey === undefined) return undefined
  if (accessKey === undefined) throw new ConfigError('TAGWERK_ACCESS_KEY_SECRET needs TAGWERK_ACCESS_KEY')
  if (secretKey === undefined) throw new ConfigError('TAGWERK_ACCESS_KEY needs TAGWERK_ACCESS_KEY_SECRET')
  return { accessKey, secretKey }
}

function toCopyLocation(store: string | URL, readPassword: () => string | undefined): CopyLocation {
  if (typeof store === 'string') return { engine: 'sqlite', folder: store }
  const url = completePostgresUrl(store, readPassword())
  return { engine: 'postgres', url: url.href, shownUrl: toShownUrl(url) }
}

function identityOf(location: CopyLocation): string {
  return location.engine === 'sqlite' ? resolve(location.folder) : location.shownUrl
}

function toTlsFiles(certFile: string | undefined, keyFile: string | undefined): Config['tls'] {
  if (certFile === undefined && keyFile === undefined) return undefined
  if (certFile === undefined) throw new ConfigError('--tls-key needs --tls-cert')
  if (keyFile === undefined) throw new ConfigError('--tls-cert needs --tls-key')
  return { certFile, keyFile }
}

function checkSecretConfig({ secretKeyFile, secretKey }: SecretConfig): void {
  if (secretKeyFile === undefined || secretKey === undefined) return
  throw new ConfigError('--secret-key-file and TAGWERK_SECRET_KEY are both set: remove one of them')
}

function unencrypted(host: string): string {
  return (
    `${host} is not a loopback address, and passwords and tokens are sent to it unencrypted: set --tls-cert and --tls-key, ` +
    'or put a proxy with TLS in front and name it in --trusted-proxies'
  )
}

/** A service behind a proxy also listens on a loopback address, but its clients are not on this machine. */
function acceptsLooseSignatures(
  {
    looseSignatures: when,
    trustedProxies,
    publicUrl,
  }: Pick<ProcessValues, 'looseSignatures' | 'trustedProxies' | 'publicUrl'>,
  host: string,
): boolean {
  const isBehindProxy = (trustedProxies?.length ?? 0) > 0 || publicUrl !== undefined
  return when === 'always' || (when === 'loopback' && isLoopback(host) && !isBehindProxy)
}

function defaultSnapshotFolder(store: StoreLocation): string | undefined {
  return store.engine === 'sqlite' && !store.isEphemeral ? join(store.folder, 'snapshots') : undefined
}
