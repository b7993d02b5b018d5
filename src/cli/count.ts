import { CLIENT_SETTINGS } from '../config/table.ts'
import { AS_OF_HELP, type AsOfOption, asOfOption, asOfText } from './as-of.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { type ConditionOptions, conditionsOf, declareConditions } from './conditions.ts'
import { writeJson, writeLine } from './io.ts'
import { declareOutput, type OutputOptions, writeCsv } from './output.ts'
import { type AllProjectsOption, allProjectsOption, logInToPlace, PROJECT_HELP } from './project.ts'
import { byType, type TypesOption, typesOption } from './resource-types.ts'
import { type Counts, queryResources } from './resources.ts'

type Options = ConditionOptions & TypesOption & AllProjectsOption & AsOfOption & OutputOptions

/** Counts resources by tag, name or id. */
export const count = defineCommand<Options>({
  usage: 'count',
  summary: 'Count the resources of a project, or of all projects, that match all conditions.',
  details: [
    'Without conditions, all resources are counted. The number of all is printed on standard output, and that of each type',
    'or project on standard error.',
    AS_OF_HELP,
    PROJECT_HELP,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk count --tag os=Ubuntu --not-any env=prod', 'Resources with Ubuntu that are not for production.'],
    ['tagwerk count --untagged --type instances,ecs', 'Database instances and servers without any tag.'],
    ['tagwerk count --untagged --as-of 30d', 'Resources without any tag 30 days ago.'],
    ['tagwerk count --all-projects --not-any owner --csv', 'Resources without owner, by project and type.'],
  ],
  declare: (command) => {
    declareConditions(command).addOption(typesOption('count only resources of these types'))
    return declareOutput(command.addOption(allProjectsOption()).addOption(asOfOption()), 'the numbers')
  },
  run: runCount,
})

async function runCount({ io, options, sources }: Call<Options>): Promise<number> {
  const { type: types, json, csv } = options
  const conditions = { ...conditionsOf(options), limit: 0 }
  const place = await logInToPlace(sources, options, asOfText(options, io.clock()))
  const { total_count, counts, projects } = await queryResources(place, types, conditions)
  if (json) await writeJson(io.stdout, { total_count, counts, ...(projects && { projects }) })
  else if (csv) {
    const columns = [...(projects ? ['project'] : []), 'resource_type', 'resources']
    const rows = projects?.flatMap((of) => rowsOf(of.counts, of.project_name)) ?? rowsOf(counts)
    await writeCsv(io, columns, rows)
  } else {
    await writeLine(io.stdout, String(total_count))
    if (projects) for (const of of projects) await writeLine(io.stderr, `${of.project_name}: ${byType(of.counts)}.`)
    else if (types?.length !== 1) await writeLine(io.stderr, `${byType(counts)}.`)
  }
  return EXIT.ok
}

function rowsOf(counts: Counts, ...before: readonly string[]): string[][] {
  return Object.entries(counts).map(([type, number]) => [...before, type, String(number)])
}
