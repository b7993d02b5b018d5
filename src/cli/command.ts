import type { Command } from 'commander'
import { ConfigError, type ConfigSources, type Setting, toCamelCase, variableOf } from '../config/setting.ts'
import { unknownVariables } from '../config/unknown-variables.ts'
import { InvalidValue, type ValueType } from '../config/value-types.ts'
import { type Io, writeLine } from './io.ts'

/** Exit codes of the process. */
export const EXIT = { ok: 0, failed: 1, usage: 2, refused: 3 } as const

/** Thrown for an invalid command line. The message says what to write instead. */
export class UsageError extends Error {}

/** One run of a command. */
export type Call<Options> = {
  readonly io: Io
  /** Positional arguments. */
  readonly args: readonly string[]
  /** The command's own options. */
  readonly options: Options
  /** Where its settings are read from. */
  readonly sources: ConfigSources
  /** The declaration, with that of all other commands above it. */
  readonly command: Command
}

/** A command of the command line. */
export type CliCommand = {
  /** Name and arguments: `<required>`, `[optional]`, `...` for many. */
  readonly usage: string
  /** One line for the list of commands. */
  readonly summary: string
  /** Further text for its own help. */
  readonly details?: string
  /** Command lines that work, each with an explanation. */
  readonly examples: readonly (readonly [line: string, explanation: string])[]
  /** Settings that become options; secret ones can only be set by variable. */
  readonly settings: readonly Setting[]
  /** True: variables that are no settings are logged at the start. Otherwise see `checkVariables`. */
  readonly logsUnknownVariables?: true
  /** True: not in the list of commands. */
  readonly isHidden?: true
  /** True: what a group does with arguments that name none of its commands. */
  readonly isDefault?: true
  /** Declares the command's own options. */
  readonly declare: (command: Command) => unknown
  /** Resolves with the exit code. */
  readonly run: (call: Call<never>) => Promise<number>
}

/** Commands on one kind of record, such as `user create` and `user list`. */
export type CommandGroup = {
  readonly name: string
  readonly summary: string
  readonly commands: readonly CliCommand[]
}

/** Defines a command with the type of its parsed options. */
export function defineCommand<Options = Record<never, never>>(
  definition: Pick<
    CliCommand,
    'usage' | 'summary' | 'details' | 'examples' | 'settings' | 'logsUnknownVariables' | 'isHidden' | 'isDefault'
  > & {
    readonly declare?: CliCommand['declare']
    readonly run: (call: Call<Options>) => Promise<number>
  },
): CliCommand {
  return { declare: () => undefined, ...definition }
}

/** Adds a group of commands to the program. Its help has the first example of each command. */
export function mountGroup(program: Command, group: CommandGroup, io: Io, onExit: (code: number) => void): void {
  const { name, summary, commands } = group
  const parent = program.command(name).summary(summary).description(summary)
  parent.addHelpText('after', examplesHelp(commands.flatMap(({ examples }) => examples.slice(0, 1))))
  for (const command of commands) mountCommand(parent, command, io, onExit)
}

function examplesHelp(examples: CliCommand['examples']): string {
  return `\nExamples:\n${examples.map(([line, explanation]) => `  ${line}\n      ${explanation}`).join('\n')}`
}

/** Adds a command to the program. `onExit` receives the exit code. */
export function mountCommand(program: Command, definition: CliCommand, io: Io, onExit: (code: number) => void): void {
  const { usage, summary, details, settings, examples } = definition
  // Sentences are broken to the width of the terminal, not where the source breaks its lines.
  const paragraphs = details?.replace(/([^.:])\n/g, '$1 ')
  const description = paragraphs === undefined ? summary : `${summary}\n\n${paragraphs}`
  const command = program
    .command(usage, { hidden: definition.isHidden ?? false, isDefault: definition.isDefault ?? false })
    .summary(summary)
    .description(description)
  definition.declare(command)
  for (const setting of settings) {
    if (!setting.isSecret) command.option(`--${setting.name} ${placeholderOf(setting)}`, settingHelp(setting))
  }
  const secrets = settings.filter(({ isSecret }) => isSecret).map((it) => `  ${variableOf(it)}  ${it.help}`)
  if (secrets.length > 0) command.addHelpText('after', `\nEnvironment variables without a flag:\n${secrets.join('\n')}`)
  command.addHelpText('after', examplesHelp(examples))
  command.action(async () => {
    if (!definition.logsUnknownVariables) await checkVariables(io)
    const options = command.opts()
    const flags = Object.fromEntries(settings.map(({ name }) => [name, flagText(options[toCamelCase(name)])]))
    const call = { io, args: command.args, options, sources: { flags, env: io.env }, command }
    onExit(await definition.run(call as unknown as Call<never>))
  })
}

/**
 * Throws a ConfigError for a misspelt variable: without `TAGWERK_PROJECT` a command would change another project. Warns of
 * other variables that are no settings.
 */
async function checkVariables(io: Io): Promise<void> {
  for (const { isMisspelt, description } of unknownVariables(io.env)) {
    if (isMisspelt) throw new ConfigError(description)
    await writeLine(io.stderr, `warning: ${description}.`)
  }
}

/** Brackets for a switch, which may stand alone. */
function placeholderOf({ type }: Setting): string {
  if (type.isSwitch) return `[${type.placeholder}]`
  return type.isList ? `<${type.placeholder}...>` : `<${type.placeholder}>`
}

/** Commander gives `true` for a switch that stands alone, and an array for a flag that may have several values. */
function flagText(option: string | true | readonly string[] | undefined): string | undefined {
  if (option === true) return 'on'
  return typeof option === 'object' ? option.join(',') : option
}

function settingHelp(setting: Setting): string {
  const facts = [
    ...(setting.type.allowed === undefined ? [] : [`allowed: ${setting.type.allowed}`]),
    ...(setting.default === undefined ? [] : [`default: ${setting.default}`]),
    `variable: ${variableOf(setting)}`,
  ]
  return `${setting.help} (${facts.join('; ')})`
}

/** Collects the values of an option that may be repeated. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

/** A parser for a command's own option. Throws a UsageError that names the option. */
export function optionParser<Value>(name: string, type: ValueType<Value>): (text: string) => Value {
  return (text) => {
    try {
      return type.parse(text)
    } catch (error) {
      if (error instanceof InvalidValue) throw new UsageError(`--${name} ${error.message}`)
      throw error
    }
  }
}
