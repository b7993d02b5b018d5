import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { PROFILE_NAMES, type ProfileName } from './core/profile.ts'

/** Everything that can be set about the service, whole and checked. */
export type Config = {
  readonly listenHost: string
  readonly listenPort: number
  readonly dataFolder: string
  /** Only used when the data folder is new. */
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

/** One setting: a flag `--name` and a variable `TAGWERK_NAME`. The flag wins. */
export type Setting = {
  readonly name: string
  readonly help: string
  /** What follows the flag in help texts. */
  readonly value: string
  readonly default?: string
  /** Set by variable only, so that it does not show in a list of processes. */
  readonly isSecret?: true
}

/** Thrown for a setting that cannot be: the message says which one and what to do. */
export class ConfigError extends Error {}

export const SERVICE_SETTINGS = [
  {
    name: 'listen',
    value: 'HOST:PORT',
    default: '127.0.0.1:8780',
    help: 'Address to answer on. Port 0 takes a free one.',
  },
  { name: 'data', value: 'FOLDER', default: './tagwerk-data', help: 'Folder of the data; made if it is missing.' },
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

/** Flags that were given, and the environment. */
export type ConfigSources = {
  readonly flags: Readonly<Record<string, string | undefined>>
  readonly env: Readonly<Record<string, string | undefined>>
}

/** The environment of this process: the only place that reads it. */
export function processEnvironment(): ConfigSources['env'] {
  return process.env
}

/** The variable of a setting. */
export function variableOf({ name }: { readonly name: string }): string {
  return `TAGWERK_${name.toUpperCase().replaceAll('-', '_')}`
}

/** Reads the settings of the service. Throws a ConfigError that names the setting. */
export function readServiceConfig(sources: ConfigSources): Config {
  const settings = new Settings(SERVICE_SETTINGS, sources)
  const { host, port } = settings.address('listen')
  return {
    ...{ listenHost: host, listenPort: port, dataFolder: settings.required('data') },
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
    logLevel: settings.oneOf('log-level', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    version: readVersion(),
  }
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const bitsMax = isIP(address) === 6 ? 128 : 32
  return (
    isIP(address) > 0 &&
    rest.length === 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax))
  )
}

function isLoose(when: 'loopback' | 'always' | 'never', host: string): boolean {
  return when === 'always' || (when === 'loopback' && /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host))
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

/** Looks settings up by name and checks them. */
class Settings {
  readonly #known: readonly Setting[]
  readonly #sources: ConfigSources

  constructor(known: readonly Setting[], sources: ConfigSources) {
    this.#known = known
    this.#sources = sources
  }

  text(name: string): string | undefined {
    const setting = this.#known.find((known) => known.name === name) as Setting
    const { flags, env } = this.#sources
    return flags[name] ?? env[variableOf(setting)] ?? setting.default
  }

  required(name: string): string {
    const text = this.text(name)
    if (text === undefined || text === '') throw new ConfigError(`${this.#label(name)} must not be empty`)
    return text
  }

  /** A password that is there but empty is refused: with it, everybody could come in. */
  password(name: string): string | undefined {
    return this.text(name) === undefined ? undefined : this.required(name)
  }

  number(name: string, min: number, max: number): number {
    const text = this.required(name)
    const number = Number(text)
    if (!/^\d+$/.test(text) || number < min || number > max) {
      throw new ConfigError(`${this.#label(name)} must be a whole number from ${min} to ${max}, not "${text}"`)
    }
    return number
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const text = this.required(name) as T
    if (!allowed.includes(text)) {
      throw new ConfigError(`${this.#label(name)} must be one of ${allowed.join(', ')}, not "${text}"`)
    }
    return text
  }

  url(name: string): string | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    if (!URL.canParse(text) || !/^https?:\/\/\S+$/i.test(text)) {
      throw new ConfigError(`${this.#label(name)} must be a URL that begins with http:// or https://, not "${text}"`)
    }
    return text.replace(/\/+$/, '')
  }

  networks(name: string): readonly string[] {
    const networks = (this.text(name) ?? '').split(',').map((network) => network.trim())
    const given = networks.filter((network) => network !== '')
    const bad = given.find((network) => !isNetwork(network))
    if (bad === undefined) return given
    throw new ConfigError(`${this.#label(name)} must be addresses or networks such as 10.0.0.0/8, not "${bad}"`)
  }

  address(name: string): { readonly host: string; readonly port: number } {
    const text = this.required(name)
    const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+):(\d{1,5})$/.exec(text) ?? []
    if (host === undefined || Number(port) > 65_535) {
      throw new ConfigError(
        `${this.#label(name)} must be HOST:PORT such as 127.0.0.1:8780 or [::1]:8780, not "${text}"`,
      )
    }
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
  }

  #label(name: string): string {
    const setting = this.#known.find((known) => known.name === name) as Setting
    return setting.isSecret ? variableOf(setting) : `--${name} (or ${variableOf(setting)})`
  }
}
