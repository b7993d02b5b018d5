import { readClientConfig } from '../config/config.ts'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { defineCommand, EXIT } from './command.ts'
import { writeJson } from './io.ts'
import { logInToDomain, TENANT_HELP, type UserProject } from './project.ts'
import { writeTable } from './table.ts'

type ProjectList = { readonly projects: readonly UserProject[] }

/** Lists the projects of the user. */
export const projects = defineCommand<{ readonly json?: true }>({
  usage: 'projects',
  summary: 'List the projects that the user has access to.',
  details: TENANT_HELP,
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk projects', 'Prints the id and name of each project, and the id of the domain.'],
    [
      'tagwerk projects --json | jq -r .domain.id',
      'Prints the id of the domain, which SDKs need for GlobalCredentials.',
    ],
  ],
  declare: (command) => command.option('--json', 'print the response and the domain of the user as JSON'),
  run: async ({ io, options, sources }) => {
    const client = await logInToDomain(readClientConfig(sources))
    const { body } = await client.json<ProjectList>({ path: '/v3/auth/projects' })
    if (options.json) await writeJson(io.stdout, { ...body, domain: client.domain })
    else
      await writeTable(
        io.stdout,
        ['ID', 'NAME', 'DOMAIN ID'],
        body.projects.map(({ id, name, domain_id }) => [id, name, domain_id]),
      )
    return EXIT.ok
  },
})
