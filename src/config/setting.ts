import { InvalidValue, type ValueType } from './value-types.ts'

/** One setting: a flag `--name` and an environment variable `TAGWERK_NAME`. The flag takes precedence. */
export type Setting = {
  readonly name: string
  readonly type: ValueType<unknown>
  /** As a flag would give it; parsed like any other value. */
  readonly default?: string
  /** Whether a command fails without a value. A setting with a default always has one. */
  readonly isRequired?: true
  /** Can only be set by variable, because a list of processes shows flags. */
  readonly isSecret?: true
  readonly help: string
}

/** Thrown for an invalid setting. The message names the setting and the allowed values. */
export class ConfigError extends Error {}

/** The flags of the command line and the environment. */
export type ConfigSources = {
  readonly flags: Readonly<Record<string, string | undefined>>
  readonly env: Readonly<Record<string, string | undefined>>
}

/** The parsed value of a setting. Without default or `isRequired` it may be undefined. */
export type ValueOf<Each extends Setting> =
  Each['type'] extends ValueType<infer Value>
    ? Each extends { readonly default: string } | { readonly isRequired: true }
      ? Value
      : Value | undefined
    : never

/** The parsed values of a table, each under the name of its setting in camel case. */
export type ValuesOf<Table extends readonly Setting[]> = {
  readonly [Each in Table[number] as CamelCase<Each['name']>]: ValueOf<Each>
}

type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name

/** The environment variable of a setting. */
export function variableOf({ name }: { readonly name: string }): string {
  return `TAGWERK_${name.toUpperCase().replaceAll('-', '_')}`
}

/** `token-ttl-seconds` becomes `tokenTtlSeconds`. */
export function toCamelCase(name: string): string {
  return name.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase())
}

/** Reads and parses one setting. Throws a ConfigError. */
export function readSetting<const Each extends Setting>(setting: Each, sources: ConfigSources): ValueOf<Each> {
  const text = sources.flags[setting.name] ?? sources.env[variableOf(setting)] ?? setting.default
  if (text === undefined) {
    if (setting.isRequired) throw new ConfigError(`${labelOf(setting)} must not be empty`)
    return undefined as ValueOf<Each>
  }
  try {
    return setting.type.parse(text) as ValueOf<Each>
  } catch (error) {
    if (error instanceof InvalidValue) throw new ConfigError(`${labelOf(setting)} ${error.message}`)
    throw error
  }
}

/** Reads and parses every setting of a table. Throws a ConfigError for the first invalid one. */
export function readSettings<const Table extends readonly Setting[]>(
  table: Table,
  sources: ConfigSources,
): ValuesOf<Table> {
  const entries = table.map((setting) => [toCamelCase(setting.name), readSetting(setting, sources)])
  return Object.fromEntries(entries) as ValuesOf<Table>
}

function labelOf(setting: Setting): string {
  return setting.isSecret ? variableOf(setting) : `--${setting.name} (or ${variableOf(setting)})`
}
