import type { Command } from 'commander'
import { type ClientConfig, readClientConfig } from '../../config/config.ts'
import type { Setting } from '../../config/setting.ts'
import { CLIENT_SETTINGS } from '../../config/table.ts'
import type { Client } from '../client.ts'
import { type Call, type CliCommand, defineCommand, EXIT } from '../command.ts'
import { type Io, writeJson, writeLine } from '../io.ts'
import { declareOutput, type OutputOptions, print } from '../output.ts'
import { isForbidden, logInToDomain, TENANT_HELP } from '../project.ts'

/** What an account command prints: with --json the value, otherwise the text or the table. */
export type Printed = {
  readonly json: unknown
  readonly text?: string
  readonly table?: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
}

/** One run of an account command, with a client of the domain, or of a project for users without a role in the domain. */
export type AccountCall<Options> = Call<Options> & { readonly client: Client; readonly config: ClientConfig }

/** Defines a command on users, projects, roles or access keys. It has the option --json. */
export function accountCommand<Options = Record<never, never>>(
  definition: Pick<CliCommand, 'usage' | 'summary' | 'details' | 'examples'> & {
    readonly settings?: readonly Setting[]
    readonly declare?: (command: Command) => unknown
    readonly run: (call: AccountCall<Options>) => Promise<Printed>
  },
): CliCommand {
  const { usage, summary, details, examples, settings = [], declare, run } = definition
  return defineCommand<Options & OutputOptions>({
    usage,
    summary,
    details: details === undefined ? TENANT_HELP : `${details}\n${TENANT_HELP}`,
    settings: [...CLIENT_SETTINGS, ...settings],
    examples,
    declare: (command) => {
      declare?.(command)
      // Only lists have rows.
      return /^list\b/.test(usage)
        ? declareOutput(command, 'the list')
        : command.option('--json', 'print the result as JSON')
    },
    run: async (call) => {
      const config = readClientConfig(call.sources)
      const client = await logInToDomain(config)
      await printResult(call.io, call.options, await run({ ...call, client, config }))
      return EXIT.ok
    },
  })
}

async function printResult(io: Io, options: OutputOptions, { json, text, table }: Printed): Promise<void> {
  if (options.json) await writeJson(io.stdout, json)
  else if (table !== undefined) await print(io, options, { json, ...table })
  else await writeLine(io.stdout, text ?? '')
}

/** Lines of `name  value`, for one record. Empty values are left out. */
export function facts(pairs: readonly (readonly [name: string, value: string])[]): string {
  const shown = pairs.filter(([, value]) => value !== '')
  const width = Math.max(...shown.map(([name]) => name.length))
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
}

/** Sends a request; undefined if the roles of the user do not allow it. */
export async function ifAllowed<T>(send: () => Promise<T>): Promise<T | undefined> {
  try {
    return await send()
  } catch (error) {
    if (isForbidden(error)) return undefined
    throw error
  }
}
