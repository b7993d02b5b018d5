import { readClientConfig } from '../config/config.ts'
import { ACCESS_SETTINGS } from '../config/table.ts'
import { Client } from './client.ts'
import { defineCommand, EXIT } from './command.ts'
import { writeJson, writeLine } from './io.ts'

/** A new access key, as the service shows it this once. */
export type NewAccessKey = { readonly credential: { readonly access: string; readonly secret: string } }

/** Makes a permanent access key for the user of a client. */
export async function makeAccessKey(client: Client, description: string): Promise<NewAccessKey> {
  const body = { credential: { user_id: client.userId, description } }
  const path = '/v3.0/OS-CREDENTIAL/credentials'
  return (await client.json<NewAccessKey>({ method: 'POST', path, body })).body
}

/** Makes an access key, with which SDKs sign their requests. */
export const accessKey = defineCommand<{ readonly json?: true; readonly description: string }>({
  usage: 'access-key',
  summary: 'Make an access key for the user, for SDKs and providers that sign their requests.',
  details: 'A user may have two. The secret is shown this once.',
  settings: ACCESS_SETTINGS,
  examples: [
    ['tagwerk access-key', 'The key and its secret, each on a line.'],
    ['tagwerk access-key --description ci --json', 'What the service answers, as JSON.'],
  ],
  declare: (command) =>
    command
      .option('--description <text>', 'what the key is for', '')
      .option('--json', 'print the answer of the service as JSON'),
  run: async ({ io, options, sources }) => {
    const client = await Client.logIn(readClientConfig(sources), 'domain')
    const key = await makeAccessKey(client, options.description)
    if (options.json) await writeJson(io.stdout, key)
    else await writeLine(io.stdout, `access  ${key.credential.access}\nsecret  ${key.credential.secret}`)
    return EXIT.ok
  },
})
