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

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const bitsMax = isIP(address) === 6 ? 128 : 32
  return (
    isIP(address) > 0 &&
    rest.length === 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax))
  )
}
