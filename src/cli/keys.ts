import { Option } from 'commander'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { wholeNumber } from '../config/value-types.ts'
import { AS_OF_HELP, type AsOfOption, asOfOption, asOfText } from './as-of.ts'
import { type Call, defineCommand, EXIT, optionParser } from './command.ts'
import { writeLine } from './io.ts'
import { declareOutput, type OutputOptions, print } from './output.ts'
import { type AllProjectsOption, allProjectsOption, logInToPlace, PROJECT_HELP } from './project.ts'
import { type TypesOption, typesOption } from './resource-types.ts'
import type { Counts } from './resources.ts'
import { RowProgress } from './row-progress.ts'
import { listTagCounts } from './tag-counts.ts'

type Options = TypesOption &
  AllProjectsOption &
  AsOfOption &
  OutputOptions & { readonly prefix?: string; readonly limit?: number; readonly sort: 'name' | 'count' }

/** Lists the keys in use. */
export const keys = defineCommand<Options>({
  usage: 'keys',
  summary: 'List the tag keys in use, with the number of resources that have each.',
  details: `${AS_OF_HELP}\n${PROJECT_HELP}`,
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk keys --sort count', 'All keys of a project, the most frequent first.'],
    ['tagwerk keys --all-projects --type ecs,disk --prefix cost', 'Keys of servers and disks that begin with "cost".'],
  ],
  declare: (command) => declareCounts(command.addOption(typesOption('only keys of these types'))),
  run: (call) => printCounts(call, undefined),
})

/** Lists the values of a key. */
export const values = defineCommand<Options>({
  usage: 'values <key>',
  summary: 'List the values of a tag key, with the number of resources that have each.',
  details: `${AS_OF_HELP}\n${PROJECT_HELP}`,
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk values env', 'The values of env in a project.'],
    ['tagwerk values env --all-projects --sort count --csv', 'Those of all projects, for a spreadsheet program.'],
  ],
  declare: (command) => declareCounts(command.addOption(typesOption('only values on resources of these types'))),
  run: (call) => printCounts(call, call.args[0] ?? ''),
})

function declareCounts(command: Parameters<typeof declareOutput>[0]) {
  command
    .addOption(allProjectsOption())
    .addOption(asOfOption())
    .option('--prefix <text>', 'only what begins with this text, case-sensitively')
    .addOption(
      new Option('--limit <n>', 'maximum to print; default: all').argParser(
        optionParser('limit', wholeNumber(1, Number.MAX_SAFE_INTEGER)),
      ),
    )
    .addOption(new Option('--sort <order>', 'order of the rows').choices(['name', 'count']).default('name'))
  return declareOutput(command, 'the list')
}

async function printCounts({ io, options, sources }: Call<Options>, key: string | undefined): Promise<number> {
  const { prefix, limit, sort } = options
  const place = await logInToPlace(sources, options, asOfText(options, io.clock()))
  const progress = new RowProgress(io.stderr, () => performance.now(), key === undefined ? 'keys' : 'values')
  // The most frequent ones can only be known from all.
  const request = {
    types: options.type,
    prefix,
    ...(key !== undefined && { key }),
    limit: sort === 'count' ? undefined : limit,
  }
  const { items, hasMore } = await listTagCounts(place, request, (count) => progress.update(count, undefined)).finally(
    () => progress.stop(),
  )
  const sorted = sort === 'count' ? items.toSorted((a, b) => b.total_count - a.total_count) : items
  const shown = sorted.slice(0, limit)
  await print(io, options, {
    json: key === undefined ? { keys: shown } : { key, values: shown },
    head: [key === undefined ? 'KEY' : 'VALUE', 'RESOURCES', 'TYPES'],
    rows: shown.map(({ key: ofKey, value, total_count, counts }) => [
      ofKey ?? value ?? '',
      String(total_count),
      typesText(counts),
    ]),
  })
  if (hasMore || shown.length < sorted.length) {
    await writeLine(io.stderr, `There are more: the first ${shown.length.toLocaleString('en-GB')} are shown.`)
  } else if (shown.length === 0 && key !== undefined) await writeLine(io.stderr, `No resource has the key "${key}".`)
  return EXIT.ok
}

/** Such as `ecs 3, images 2`. */
function typesText(counts: Counts): string {
  return Object.entries(counts)
    .map(([type, count]) => `${type} ${count}`)
    .join(', ')
}
