import { CLIENT_SETTINGS } from '../config/table.ts'
import { defineCommand, EXIT } from './command.ts'
import { type ConditionOptions, conditionsOf, declareConditions } from './conditions.ts'
import { writeJson, writeLine } from './io.ts'
import { logInToProject, PROJECT_HELP } from './project.ts'

/** Counts images by tag, name or id. */
export const count = defineCommand<ConditionOptions & { readonly json?: true }>({
  usage: 'count',
  summary: 'Count the images of a project that match all conditions.',
  details: `Without conditions, all images are counted.\n${PROJECT_HELP}`,
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk count --tag os=Ubuntu --not-any env=prod', 'Ubuntu images that are not for production.'],
    ['tagwerk count --untagged', 'Images without any tag.'],
  ],
  declare: (command) => declareConditions(command).option('--json', 'print the response as JSON'),
  run: async ({ io, options, sources }) => {
    const body = { action: 'count', ...conditionsOf(options) }
    const client = await logInToProject(sources)
    const path = `/v2/${client.projectId}/images/resource_instances/action`
    const { body: response } = await client.json<{ total_count: number }>({ method: 'POST', path, body })
    if (options.json) await writeJson(io.stdout, response)
    else await writeLine(io.stdout, String(response.total_count))
    return EXIT.ok
  },
})
