import { readClientConfig } from '../config/config.ts'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { defineCommand, EXIT } from './command.ts'
import { declareOutput, type OutputOptions, print } from './output.ts'
import { logInToDomain, TENANT_HELP, type UserProject } from './project.ts'

type ProjectList = { readonly projects: readonly UserProject[] }

/** Lists the projects of the user. */
export const projects = defineCommand<OutputOptions>({
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
  declare: (command) => declareOutput(command, 'the response and the domain of the user'),
  run: async ({ io, options, sources }) => {
    const client = await logInToDomain(readClientConfig(sources))
    const { body } = await client.json<ProjectList>({ path: '/v3/auth/projects' })
    await print(io, options, {
      json: { ...body, domain: client.domain },
      head: ['ID', 'NAME', 'DOMAIN ID'],
      rows: body.projects.map(({ id, name, domain_id }) => [id, name, domain_id]),
    })
    return EXIT.ok
  },
})
