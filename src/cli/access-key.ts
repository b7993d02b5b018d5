import { Option } from 'commander'
import { readClientConfig } from '../config/config.ts'
import { CLIENT_SETTINGS } from '../config/table.ts'
import type { Client } from './client.ts'
import { keyVariables, printVariables } from './client-variables.ts'
import { defineCommand, EXIT } from './command.ts'
import { writeJson, writeLine } from './io.ts'
import { logInToDomain, TENANT_HELP } from './project.ts'

type Options = { readonly json?: true; readonly env?: true; readonly description: string }

/** A new access key. The service returns the secret only in this response. */
export type NewAccessKey = { readonly credential: { readonly access: string; readonly secret: string } }

/** Creates a permanent access key, by default for the user of a client. */
export async function createAccessKey(
  client: Client,
  description: string,
  userId = client.userId,
): Promise<NewAccessKey> {
  const body = { credential: { user_id: userId, description } }
  const path = '/v3.0/OS-CREDENTIAL/credentials'
  return (await client.json<NewAccessKey>({ method: 'POST', path, body })).body
}

/** Creates an access key. */
export const accessKey = defineCommand<Options>({
  usage: 'access-key',
  summary: 'Create an access key of the user, for SDKs and Terraform providers that sign their requests.',
  details: `A user can have two access keys, which are valid in all its projects. The secret is shown only once.\n${TENANT_HELP}`,
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk access-key', 'Prints the key and its secret on a line each.'],
    ['eval "$(tagwerk access-key --env)"', 'Sets the variables that SDKs and Terraform providers read.'],
    ['tagwerk access-key --description ci --json', 'Prints the key and the id of the domain as JSON.'],
  ],
  declare: (command) =>
    command
      .option('--description <text>', 'description of the key', '')
      .addOption(new Option('--json', 'print the response and the id of the domain as JSON').conflicts('env'))
      .option('--env', 'print shell commands that set the variables of SDKs and Terraform providers'),
  run: async ({ io, options, sources }) => {
    const client = await logInToDomain(readClientConfig(sources))
    const key = await createAccessKey(client, options.description)
    if (options.json) await writeJson(io.stdout, { ...key, domain_id: client.domain.id })
    else if (options.env) await writeLine(io.stdout, shellCommands(key, client.domain.id))
    else await writeLine(io.stdout, describeKey(key))
    return EXIT.ok
  },
})

/** Exports of the variables of a key that clients read: Huawei's SDKs, and both Terraform providers. */
export function shellCommands({ credential }: NewAccessKey, domainId: string): string {
  return printVariables([...keyVariables(credential), ['HUAWEICLOUD_SDK_DOMAIN_ID', domainId]], 'shell')
}

/** A new key for people. */
export function describeKey({ credential: { access, secret } }: NewAccessKey): string {
  return `access  ${access}\nsecret  ${secret}`
}
