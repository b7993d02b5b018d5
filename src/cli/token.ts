import { readClientConfig } from '../config/config.ts'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { defineCommand, EXIT } from './command.ts'
import { writeJson, writeLine } from './io.ts'
import { logInToProject, logInToWholeDomain } from './project.ts'

/** Prints a token. */
export const token = defineCommand<{ readonly json?: true }>({
  usage: 'token',
  summary: 'Print a token for the header X-Auth-Token.',
  details: 'Without --project and TAGWERK_PROJECT, the token is for the whole domain, in which the user needs a role.',
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk token --project default', 'Prints a token for one project.'],
    ['tagwerk token --project default --json', 'Also prints the id of the project, expiry time and roles.'],
  ],
  declare: (command) => command.option('--json', 'print the token and its description as JSON'),
  run: async ({ io, options, sources }) => {
    const config = readClientConfig(sources)
    const client = config.project === undefined ? await logInToWholeDomain(config) : await logInToProject(sources)
    // The token is in a response header, so it is added to the body.
    if (options.json) await writeJson(io.stdout, { 'X-Subject-Token': client.token, ...(client.tokenBody as object) })
    else await writeLine(io.stdout, client.token)
    return EXIT.ok
  },
})
