import { readClientConfig } from '../config/config.ts'
import { ACCESS_SETTINGS } from '../config/table.ts'
import { Client } from './client.ts'
import { defineCommand, EXIT } from './command.ts'
import { writeJson } from './io.ts'
import { writeTable } from './table.ts'

type Answer = { readonly projects: readonly { readonly id: string; readonly name: string }[] }

/** Lists the projects of the user. */
export const projects = defineCommand<{ readonly json?: true }>({
  usage: 'projects',
  summary: 'List the projects that the user may work in.',
  settings: ACCESS_SETTINGS,
  examples: [['tagwerk projects', 'Ids and names.']],
  declare: (command) => command.option('--json', 'print the answer as JSON'),
  run: async ({ io, options, sources }) => {
    const client = await Client.logIn(readClientConfig(sources), 'domain')
    const { body } = await client.json<Answer>({ path: '/v3/auth/projects' })
    if (options.json) await writeJson(io.stdout, body)
    else
      await writeTable(
        io.stdout,
        ['ID', 'NAME'],
        body.projects.map(({ id, name }) => [id, name]),
      )
    return EXIT.ok
  },
})
