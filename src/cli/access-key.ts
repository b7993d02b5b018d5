import { readClientConfig } from '../config/config.ts'
import { CLIENT_SETTINGS } from '../config/table.ts'
import type { Client } from './client.ts'
import { defineCommand, EXIT } from './command.ts'
import { writeJson, writeLine } from './io.ts'
import { logInToDomain, TENANT_HELP } from './project.ts'

/** A new access key. The service returns the secret only in this response. */
export type NewAccessKey = { readonly credential: { readonly access: string; readonly secret: string } }

/** Creates a permanent access key for the user of a client. */
export async function createAccessKey(client: Client, description: string): Promise<NewAccessKey> {
  const body = { credential: { user_id: client.userId, description } }
  const path = '/v3.0/OS-CREDENTIAL/credentials'
  return (await client.json<NewAccessKey>({ method: 'POST', path, body })).body
}

/** Creates an access key. */
export const accessKey = defineCommand<{ readonly json?: true; readonly description: string }>({
  usage: 'access-key',
  summary: 'Create an access key of the user, for SDKs and Terraform providers that sign their requests.',
  details: `A user can have two access keys, which are valid in all its projects. The secret is shown only once.\n${TENANT_HELP}`,
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk access-key', 'Prints the key and its secret on a line each.'],
    ['tagwerk access-key --description ci --json', 'Prints the response of the service as JSON.'],
  ],
  declare: (command) =>
    command.option('--description <text>', 'description of the key', '').option('--json', 'print the response as JSON'),
  run: async ({ io, options, sources }) => {
    const client = await logInToDomain(readClientConfig(sources))
    const key = await createAccessKey(client, options.description)
    if (options.json) await writeJson(io.stdout, key)
    else await writeLine(io.stdout, `access  ${key.credential.access}\nsecret  ${key.credential.secret}`)
    return EXIT.ok
  },
})
