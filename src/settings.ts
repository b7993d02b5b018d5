import { isIP } from 'node:net'

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

/** Flags that were given, and the environment. */
export type ConfigSources = {
  readonly flags: Readonly<Record<string, string | undefined>>
  readonly env: Readonly<Record<string, string | undefined>>
}

/** The variable of a setting. */
export function variableOf({ name }: { readonly name: string }): string {
  return `TAGWERK_${name.toUpperCase().replaceAll('-', '_')}`
}

/** Looks settings up by name and checks them. */
export class Settings {
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

  /**
   * Gives the URL of a PostgreSQL with a password that is set apart in it, and `sslmode` as it counts: without one, TLS
   * with a checked certificate for other machines and none on this one. Messages never show a password.
   */
  postgresUrl(name: string, passwordName: string): URL | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const fault = faultOfPostgresUrl(text)
    if (fault !== undefined) throw new ConfigError(`${this.#label(name)} ${fault}`)
    const url = new URL(text)
    const password = this.password(passwordName)
    if (password !== undefined) url.password = encodeURIComponent(password)
    if (!url.searchParams.has('sslmode'))
      url.searchParams.set('sslmode', isThisMachine(url) ? 'disable' : 'verify-full')
    return url
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

const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full']
const POSTGRES_PARAMETERS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'host']

/** Says what is wrong with the URL of a PostgreSQL, without the text: there may be a password in it. */
function faultOfPostgresUrl(text: string): string | undefined {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    return 'must be a URL such as postgres://user@host:5432/database'
  }
  const { pathname, username, searchParams } = new URL(text)
  if (pathname.length < 2) return 'must name a database: postgres://user@host:5432/database'
  if (username === '') return 'must name a user: postgres://user@host:5432/database'
  const unknown = [...searchParams.keys()].find((name) => !POSTGRES_PARAMETERS.includes(name))
  if (unknown !== undefined) return `may have the parameters ${POSTGRES_PARAMETERS.join(', ')}, not "${unknown}"`
  const mode = searchParams.get('sslmode')
  if (mode !== null && !SSL_MODES.includes(mode))
    return `must have as sslmode one of ${SSL_MODES.join(', ')}, not "${mode}"`
  if (mode === 'verify-ca' && !searchParams.has('sslrootcert'))
    return 'must have sslrootcert=FILE with sslmode=verify-ca'
  return undefined
}

/** True for a loopback address and for a socket in the file system. */
function isThisMachine({ hostname, searchParams }: URL): boolean {
  return isLoopback(hostname) || searchParams.get('host')?.startsWith('/') === true
}

/** True for what a machine calls itself. */
export function isLoopback(host: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|\[?::1\]?|localhost)$/.test(host)
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
