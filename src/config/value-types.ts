import { isNetwork, parseAddress } from './network.ts'
import { postgresUrlError } from './postgres-url.ts'

/** The type of a setting's value. Help texts, documents, error messages and the parsed value derive from it. */
export type ValueType<Value> = {
  /** Follows the flag in help texts. */
  readonly placeholder: string
  /** The allowed values, for help texts and documents; undefined where the help text of the setting states them. */
  readonly allowed?: string
  /** True: the flag may stand alone and then means `on`. */
  readonly isSwitch?: true
  /** True: the flag may have several values, which `parse` gets separated by commas. */
  readonly isList?: true
  /** Throws an InvalidValue. */
  readonly parse: (text: string) => Value
}

/** Thrown by parsers. The message is a predicate, such as `must not be empty`, which follows the name of the setting. */
export class InvalidValue extends Error {}

/** A text that must not be empty. */
export function text(placeholder: string): ValueType<string> {
  return { placeholder, parse: notEmpty }
}

/** A name without blanks at its ends. */
export function name(charactersMax: number): ValueType<string> {
  return {
    placeholder: 'NAME',
    allowed: `1 to ${charactersMax} characters, without blanks at the ends`,
    parse: (value) => {
      const { length } = [...notEmpty(value)]
      if (length > charactersMax) {
        throw new InvalidValue(`must have at most ${charactersMax} characters, has ${length}: "${value}"`)
      }
      if (value.trim() === value) return value
      throw new InvalidValue(`must not begin or end with a blank: "${value}"`)
    },
  }
}

/** A text for which empty means the same as not set. */
export function optionalText(placeholder: string): ValueType<string | undefined> {
  return { placeholder, parse: (value) => value || undefined }
}

/** A whole number from `min` to `max`, both included. */
export function wholeNumber(min: number, max: number, unit?: string): ValueType<number> {
  return {
    placeholder: 'N',
    allowed: unit === undefined ? `${min} to ${max}` : `${min} to ${max} ${unit}`,
    parse: (value) => {
      const number = Number(notEmpty(value))
      if (/^\d+$/.test(value) && number >= min && number <= max) return number
      throw new InvalidValue(`must be a whole number from ${min} to ${max}, not "${value}"`)
    },
  }
}

/** One of several words. */
export function choice<const Word extends string>(placeholder: string, words: readonly Word[]): ValueType<Word> {
  return { placeholder, allowed: words.join(', '), parse: (value) => oneOf(words, value) }
}

/** Where lines are written: a standard stream, a file, or nowhere. A file is told apart from a misspelt word by a slash. */
export function logTarget(): ValueType<string> {
  const words = ['off', 'stderr', 'stdout']
  return {
    placeholder: 'WHERE',
    allowed: `${words.join(', ')}, or a file such as ./security.log`,
    parse: (value) => {
      if (words.includes(notEmpty(value)) || value.includes('/')) return value
      throw new InvalidValue(
        `must be one of ${words.join(', ')}, or a file with a slash such as ./security.log, not "${value}"`,
      )
    },
  }
}

/** `on` or `off`. */
export function onOff(): ValueType<boolean> {
  const words = ['off', 'on'] as const
  return { placeholder: 'on|off', allowed: 'on, off', isSwitch: true, parse: (value) => oneOf(words, value) === 'on' }
}

/** Names of files, separated by commas. */
export function fileList(): ValueType<readonly string[]> {
  return {
    placeholder: 'FILE',
    allowed: 'names of files, separated by commas',
    isList: true,
    parse: (value) => {
      const names = notEmpty(value).split(',')
      if (!names.includes('')) return names
      throw new InvalidValue(`must be names of files separated by commas, not "${value}"`)
    },
  }
}

/**
 * The public half of an access key, in the characters of those that the service makes. The error does not repeat it,
 * because somebody may have exchanged the halves.
 */
export function accessKeyId(): ValueType<string> {
  return {
    placeholder: 'TEXT',
    allowed: '16 to 40 capital letters and digits',
    parse: (value) => {
      if (/^[A-Z0-9]{16,40}$/.test(notEmpty(value))) return value
      throw new InvalidValue('must be 16 to 40 capital letters and digits')
    },
  }
}

const SECRET_DISTINCT_CHARACTERS_MIN = 10

/** The secret half of an access key. It is never shown, so the error does not repeat it. */
export function accessKeySecret(): ValueType<string> {
  return {
    placeholder: 'TEXT',
    allowed: `32 to 128 letters, digits, "+", "/", "=", "_" and "-", at least ${SECRET_DISTINCT_CHARACTERS_MIN} of them different`,
    parse: (value) => {
      if (!/^[\w+/=-]{32,128}$/.test(notEmpty(value))) {
        throw new InvalidValue('must be 32 to 128 letters, digits, "+", "/", "=", "_" and "-"')
      }
      if (new Set(value).size >= SECRET_DISTINCT_CHARACTERS_MIN) return value
      throw new InvalidValue(`must have at least ${SECRET_DISTINCT_CHARACTERS_MIN} different characters`)
    },
  }
}

/** An HTTP base URL; the value has no slash at its end. */
export function httpUrl(): ValueType<string> {
  return {
    placeholder: 'URL',
    allowed: 'http:// or https:// URL',
    parse: (value) => {
      if (URL.canParse(value) && /^https?:\/\/\S+$/i.test(value)) return value.replace(/\/+$/, '')
      throw new InvalidValue(`must be a URL that begins with http:// or https://, not "${value}"`)
    },
  }
}

/** The URL of a PostgreSQL database. */
export function postgresUrl(): ValueType<URL> {
  return { placeholder: 'URL', allowed: 'postgres:// URL', parse: parsePostgresUrl }
}

/** A store: a data folder, or the URL of a PostgreSQL database. */
export function storeReference(): ValueType<string | URL> {
  return {
    placeholder: 'STORE',
    allowed: 'folder or postgres:// URL',
    parse: (value) => (/^\w+:\/\//.test(notEmpty(value)) ? parsePostgresUrl(value) : value),
  }
}

/** A host and a port to listen on. */
export function address(): ValueType<{ readonly host: string; readonly port: number }> {
  return {
    placeholder: 'HOST:PORT',
    allowed: 'port 0 to 65535',
    parse: (value) => {
      const parsed = parseAddress(notEmpty(value))
      if (parsed !== undefined) return parsed
      throw new InvalidValue(`must be HOST:PORT such as 127.0.0.1:8780 or [::1]:8780, not "${value}"`)
    },
  }
}

/** Addresses and networks, separated by commas. */
export function networks(): ValueType<readonly string[]> {
  return {
    placeholder: 'LIST',
    allowed: 'IP addresses and networks, separated by commas',
    parse: (value) => {
      const listed = value.split(',').map((item) => item.trim())
      const items = listed.filter((item) => item !== '')
      const invalid = items.find((item) => !isNetwork(item))
      if (invalid === undefined) return items
      throw new InvalidValue(`must be addresses or networks such as 10.0.0.0/8, not "${invalid}"`)
    },
  }
}

function notEmpty(value: string): string {
  if (value === '') throw new InvalidValue('must not be empty')
  return value
}

function oneOf<Word extends string>(words: readonly Word[], value: string): Word {
  const word = words.find((candidate) => candidate === notEmpty(value))
  if (word === undefined) throw new InvalidValue(`must be one of ${words.join(', ')}, not "${value}"`)
  return word
}

function parsePostgresUrl(value: string): URL {
  const error = postgresUrlError(value)
  if (error !== undefined) throw new InvalidValue(error)
  return new URL(value)
}
