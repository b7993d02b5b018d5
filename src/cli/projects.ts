import { readClientConfig } from '../config/config.ts'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { defineCommand, EXIT } from './command.ts'
import { writeJson } from './io.ts'
import { logInToDomain, TENANT_HELP } from './project.ts'
import { writeTable } from './table.ts'

type ProjectList = { readonly projects: readonly { readonly id: string; readonly name: string }[] }

/** Lists the projects of the user. */
export const projects = defineCommand<{ readonly json?: true }>({
  usage: 'projects',
  summary: 'List the projects that the user has access to.',
  details: TENANT_HELP,
  settings: CLIENT_SETTINGS,
  examples: [['tagwerk projects', 'Prints the id and name of each project.']],
  declare: (command) => command.option('--json', 'print the response as JSON'),
  run: async ({ io, options, sources }) => {
    const client = await logInToDomain(readClientConfig(sources))
    const { body } = await client.json<ProjectList>({ path: '/v3/auth/projects' })
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
