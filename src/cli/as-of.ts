import { Option } from 'commander'
import { MOMENT_HELP, momentText, toMoment } from './moment.ts'

/** The parsed option `--as-of`. */
export type AsOfOption = { readonly asOf?: string }

/** The help text of commands that have it. */
export const AS_OF_HELP = `--as-of reads the state at an earlier time or revision. ${MOMENT_HELP} A number is a revision of the project.`

/** The option `--as-of`. */
export function asOfOption(): Option {
  return new Option('--as-of <moment>', 'as it was at a time, or at a revision of the project')
}

/** The moment of the option as the service takes it. Throws a UsageError. */
export function asOfText({ asOf }: AsOfOption, nowMs: number): string | undefined {
  return asOf === undefined ? undefined : momentText(toMoment('as-of', asOf, nowMs))
}
