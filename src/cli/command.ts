import type { Command } from 'commander'
import { type ConfigSources, type Setting, variableOf } from '../settings.ts'
import type { Io } from './io.ts'

/** What a process ends with. */
export const EXIT = { ok: 0, failed: 1, usage: 2, refused: 3 } as const

/** Thrown for a command line that cannot be: the message says what to write instead. */
export class UsageError extends Error {}

/** One run of a command. */
export type Call<Options> = {
  readonly io: Io
  /** What stands on the command line besides options. */
  readonly args: readonly string[]
  /** The command's own options. */
  readonly options: Options
  /** Its settings, as config.ts reads them. */
  readonly sources: ConfigSources
}

/** A command of the command line. */
export type CliCommand = {
  /** Name and arguments: `<required>`, `[optional]`, `...` for many. */
  readonly usage: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What more its own help says. */
  readonly details?: string
  /** Command lines that work, each with the words that explain it. */
  readonly examples: readonly (readonly [line: string, words: string])[]
  /** Settings that become options, but for the secret ones, which are variables only. */
  readonly settings: readonly Setting[]
  /** Declares the command's own options. */
  readonly declare: (command: Command) => unknown
  /** Gives the exit code. */
  readonly run: (call: Call<never>) => Promise<number>
}

/** Defines a command; `Options` is what its own options come out as. */
export function defineCommand<Options = Record<never, never>>(
  definition: Pick<CliCommand, 'usage' | 'summary' | 'details' | 'examples' | 'settings'> & {
    readonly declare?: CliCommand['declare']
    readonly run: (call: Call<Options>) => Promise<number>
  },
): CliCommand {
  return { declare: () => undefined, ...definition }
}

/** Makes a command known to the program. `onDone` is told the exit code. */
export function mountCommand(program: Command, definition: CliCommand, io: Io, onDone: (code: number) => void): void {
  const { usage, summary, details, settings, examples } = definition
  const whole = details === undefined ? summary : `${summary}\n\n${details}`
  const command = program.command(usage).summary(summary).description(whole)
  definition.declare(command)
  for (const setting of settings) {
    if (!setting.isSecret) command.option(`--${setting.name} ${argumentOf(setting)}`, helpOf(setting))
  }
  const secrets = settings.filter(({ isSecret }) => isSecret).map((it) => `  ${variableOf(it)}  ${it.help}\n`)
  if (secrets.length > 0) command.addHelpText('after', `\nBy variable only:\n${secrets.join('').trimEnd()}`)
  const lines = examples.map(([line, words]) => `  ${line}\n      ${words}`)
  command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`)
  command.action(async () => {
    const options = command.opts()
    const flags = Object.fromEntries(settings.map(({ name }) => [name, flagText(options[toCamelCase(name)])]))
    const call = { io, args: command.args, options, sources: { flags, env: io.env } }
    onDone(await definition.run(call as unknown as Call<never>))
  })
}

/** A switch may stand alone, and then switches on. */
function argumentOf({ value }: Setting): string {
  return value === 'on|off' ? `[${value}]` : `<${value}>`
}

function flagText(option: string | true | undefined): string | undefined {
  return option === true ? 'on' : option
}

function helpOf(setting: Setting): string {
  const variable = `variable ${variableOf(setting)}`
  return `${setting.help} (${setting.default === undefined ? variable : `default ${setting.default}, ${variable}`})`
}

/** A setting's name as commander keeps the option's value. */
function toCamelCase(name: string): string {
  return name.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase())
}

/** Gathers the values of an option that may be given many times. */
export function gather(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

/** Gives a reader of an option that is a whole number in a range. */
export function wholeNumber(name: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= min && number <= max) return number
    throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, not "${text}"`)
  }
}
