import type { Command } from 'commander'
import { type ClientConfig, readClientConfig } from '../../config/config.ts'
import type { Setting } from '../../config/setting.ts'
import { CLIENT_SETTINGS } from '../../config/table.ts'
import type { Client } from '../client.ts'
import { type Call, type CliCommand, defineCommand, EXIT } from '../command.ts'
import { writeJson, writeLine } from '../io.ts'
import { isForbidden, logInToDomain, TENANT_HELP } from '../project.ts'
import { writeTable } from '../table.ts'

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
  return defineCommand<Options & { readonly json?: true }>({
    usage,
    summary,
    details: details === undefined ? TENANT_HELP : `${details}\n${TENANT_HELP}`,
    settings: [...CLIENT_SETTINGS, ...settings],
    examples,
    declare: (command) => {
      declare?.(command)
      return command.option('--json', 'print the result as JSON')
    },
    run: async (call) => {
      const config = readClientConfig(call.sources)
      const client = await logInToDomain(config)
      const { json, text, table } = await run({ ...call, client, config })
      if (call.options.json) await writeJson(call.io.stdout, json)
      else if (table !== undefined) await writeTable(call.io.stdout, table.head, table.rows)
      else await writeLine(call.io.stdout, text ?? '')
      return EXIT.ok
    },
  })
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
