import { CLIENT_SETTINGS } from '../config/table.ts'
import { defineCommand, EXIT } from './command.ts'
import { type ConditionOptions, conditionsOf, declareConditions } from './conditions.ts'
import { writeJson, writeLine } from './io.ts'
import { logInToProject, PROJECT_HELP } from './project.ts'
import { byType, type TypeOption, typeOption } from './resource-types.ts'
import { queryResources } from './resources.ts'

/** Counts resources by tag, name or id. */
export const count = defineCommand<ConditionOptions & TypeOption & { readonly json?: true }>({
  usage: 'count',
  summary: 'Count the resources of a project that match all conditions.',
  details: [
    'Without conditions, all resources are counted. Without --type, the number of all types is printed on standard output,',
    'and that of each type on standard error.',
    PROJECT_HELP,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk count --tag os=Ubuntu --not-any env=prod', 'Resources with Ubuntu that are not for production.'],
    ['tagwerk count --untagged --type instances', 'Database instances without any tag.'],
  ],
  declare: (command) =>
    declareConditions(command)
      .addOption(typeOption('count only resources of this type'))
      .option('--json', 'print the numbers as JSON'),
  run: async ({ io, options, sources }) => {
    const { type } = options
    const conditions = { ...conditionsOf(options), limit: 0 }
    const client = await logInToProject(sources)
    const { total_count, counts } = await queryResources(client, type, conditions)
    if (options.json) await writeJson(io.stdout, { total_count, counts })
    else {
      await writeLine(io.stdout, String(total_count))
      if (type === undefined) await writeLine(io.stderr, `${byType(counts)}.`)
    }
    return EXIT.ok
  },
})
