import { readClientConfig } from '../config/config.ts'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { Client } from './client.ts'
import { defineCommand, EXIT } from './command.ts'
import { writeJson, writeLine } from './io.ts'

/** Prints a token. */
export const token = defineCommand<{ readonly json?: true }>({
  usage: 'token',
  summary: 'Print a token for the header X-Auth-Token.',
  details: 'Without --project or TAGWERK_PROJECT: one for the whole domain, as import and export use it.',
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk token --project default', 'A token for one project.'],
    [
      'tagwerk token --project default --json',
      'What the service says about it as well: id of the project, expiry, roles.',
    ],
  ],
  declare: (command) => command.option('--json', 'print the token and what the service says about it as JSON'),
  run: async ({ io, options, sources }) => {
    const config = readClientConfig(sources)
    const { project } = config
    const client = await Client.logIn(config, project === undefined ? 'domain' : { project })
    // Adds the header that carries the token to the response body.
    if (options.json) await writeJson(io.stdout, { 'X-Subject-Token': client.token, ...(client.tokenBody as object) })
    else await writeLine(io.stdout, client.token)
    return EXIT.ok
  },
})
