import { similarName } from '../core/similar-name.ts'
import { type ConfigSources, type Setting, variableOf } from './setting.ts'
import {
  ADMIN_PASSWORD_SETTINGS,
  CLIENT_SETTINGS,
  COPY_SETTINGS,
  NEW_PASSWORD_SETTINGS,
  SERVICE_SETTINGS,
} from './table.ts'

const PREFIX = 'TAGWERK_'

const SETTINGS: readonly Setting[] = [
  ...SERVICE_SETTINGS,
  ...ADMIN_PASSWORD_SETTINGS,
  ...COPY_SETTINGS,
  ...NEW_PASSWORD_SETTINGS,
  ...CLIENT_SETTINGS,
]
const KNOWN: readonly string[] = SETTINGS.map((setting) => variableOf(setting).slice(PREFIX.length))

/**
 * Names that others set: Kubernetes and Docker for a service or container of the name `tagwerk`, and this project's own
 * tests and benchmarks.
 */
const FOREIGN = /^(SERVICE_(HOST|PORT)|PORT$|PORT_\d+_|NAME$|ENV_|(TEST|FUZZ|ACCEPTANCE|BENCH)_)/

/** An environment variable with the prefix of settings that is not one. */
export type UnknownVariable = {
  readonly name: string
  /** Whether it was probably meant to be a setting. */
  readonly isMisspelt: boolean
  /** A sentence without a full stop. */
  readonly description: string
}

/** Finds the variables that begin with `TAGWERK_` and are no setting of any command. */
export function unknownVariables(env: ConfigSources['env']): readonly UnknownVariable[] {
  const names = Object.keys(env).filter((name) => name.startsWith(PREFIX) && env[name] !== undefined)
  return names.flatMap((name): UnknownVariable[] => {
    const own = name.slice(PREFIX.length)
    if (KNOWN.includes(own) || FOREIGN.test(own)) return []
    const similar = similarName(own, KNOWN)
    if (similar === undefined) {
      return [{ name, isMisspelt: false, description: `${name} is not a setting and has no effect` }]
    }
    return [{ name, isMisspelt: true, description: `${name} is not a setting: did you mean ${PREFIX}${similar}?` }]
  })
}
