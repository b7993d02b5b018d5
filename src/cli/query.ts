import { Option } from 'commander'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { wholeNumber } from '../config/value-types.ts'
import { AS_OF_HELP, type AsOfOption, asOfOption, asOfText } from './as-of.ts'
import type { ColorWhen } from './colors.ts'
import { type Call, defineCommand, EXIT, optionParser } from './command.ts'
import { type ConditionOptions, conditionsOf, declareConditions } from './conditions.ts'
import { type Io, write, writeJson, writeLine } from './io.ts'
import { declareOutput, type OutputOptions } from './output.ts'
import { type AllProjectsOption, allProjectsOption, logInToPlace, type Place, PROJECT_HELP } from './project.ts'
import { resourceTable } from './resource-table.ts'
import { byType, counted, type TypesOption, typesOption } from './resource-types.ts'
import { type QueryResponse, queryResources, type Resource, type Types } from './resources.ts'
import { writeResourcesAsCsv } from './resources-csv.ts'
import { RowProgress } from './row-progress.ts'
import { writeTable } from './table.ts'

type Options = ConditionOptions &
  TypesOption &
  AllProjectsOption &
  AsOfOption &
  OutputOptions & {
    readonly limit: number
    readonly offset: number
    readonly all?: true
  }

type Page = QueryResponse & {
  readonly types: Types
  readonly offset: number
  readonly revision: string | null
}

const LIMIT_DEFAULT = 10
/** Page size limit of a query. */
const LIMIT_MAX = 1000

/** Lists resources by tag, name or id. */
export const query = defineCommand<Options>({
  usage: 'query',
  summary: 'List the resources that match all conditions, type by type, oldest first.',
  details: `Without conditions, all resources match. ${AS_OF_HELP}\n${PROJECT_HELP}`,
  settings: CLIENT_SETTINGS,
  examples: [
    [
      'tagwerk query --tag env=prod --tag env=production --tag team',
      'Resources with one of two values of env, and any value of team.',
    ],
    [
      'tagwerk query --type images --not-any backup --name web --limit 50',
      'Images without the tag "backup" and with "web" in their name.',
    ],
    ['tagwerk query --tag os=Ubuntu --all --json', 'Prints all pages as one JSON object.'],
    ['tagwerk query --tag env=prod --as-of 2026-01-31', 'The resources in production at the start of a day.'],
    ['tagwerk query --all-projects --type ecs,disk --not-any owner --csv', 'Servers and disks without owner, as CSV.'],
  ],
  declare: (command) => {
    declareConditions(command)
      .addOption(typesOption('list only resources of these types'))
      .addOption(allProjectsOption())
      .addOption(asOfOption())
      .addOption(
        new Option('--limit <n>', 'maximum resources to print, 1 to 1000')
          .argParser(optionParser('limit', wholeNumber(1, LIMIT_MAX)))
          .default(LIMIT_DEFAULT),
      )
      .addOption(
        new Option('--offset <n>', 'resources to skip')
          .argParser(optionParser('offset', wholeNumber(0, Number.MAX_SAFE_INTEGER)))
          .default(0),
      )
      .addOption(new Option('--all', 'print all resources, page by page').conflicts('limit'))
    return declareOutput(command, 'the response')
  },
  run: runQuery,
})

async function runQuery({ io, options, sources }: Call<Options>): Promise<number> {
  const conditions = conditionsOf(options)
  const place = await logInToPlace(sources, options, asOfText(options, io.clock()))
  if (!options.all) {
    const { limit, offset } = options
    const page = await readPage(place, options.type, { ...conditions, limit, offset })
    const { total_count, counts, projects, resources } = page
    if (options.json) await writeJson(io.stdout, { total_count, counts, ...(projects && { projects }), resources })
    else if (options.csv) await writeResourcesAsCsv(io, place, resources)
    else await printPage(io, page, true, options.color)
    return EXIT.ok
  }
  const pages = readPages(place, options.type, conditions, options.offset)
  const revisions = await printAll(io, place, pages, options)
  if (revisions.size > 1) {
    await writeLine(
      io.stderr,
      'warning: the project changed between pages, so a resource may be missing or duplicated.',
    )
  }
  return EXIT.ok
}

type PageRequest = { readonly limit: number; readonly offset: number }

async function readPage(place: Place, types: Types, request: PageRequest): Promise<Page> {
  return { ...(await queryResources(place, types, request)), types, offset: request.offset }
}

async function* readPages(place: Place, types: Types, conditions: object, from: number): AsyncGenerator<Page> {
  for (let offset = from; ; offset += LIMIT_MAX) {
    const page = await readPage(place, types, { ...conditions, limit: LIMIT_MAX, offset })
    yield page
    if (page.resources.length < LIMIT_MAX) return
  }
}

type Revisions = ReadonlySet<string | null>

function printAll(io: Io, place: Place, pages: AsyncGenerator<Page>, options: Options): Promise<Revisions> {
  if (options.json) return printJson(io, pages)
  return options.csv ? printCsv(io, place, pages) : printPages(io, pages, options.color)
}

/** Prints all pages as CSV. Its columns are known with the last page, so they are kept until then. */
async function printCsv(io: Io, place: Place, pages: AsyncGenerator<Page>): Promise<Revisions> {
  const progress = new RowProgress(io.stderr, () => performance.now())
  const revisions = new Set<string | null>()
  const all: Resource[] = []
  for await (const { resources, revision, total_count } of pages) {
    for (const resource of resources) all.push(resource)
    revisions.add(revision)
    progress.update(all.length, total_count)
  }
  progress.stop()
  await writeResourcesAsCsv(io, place, all)
  return revisions
}

/** Prints each page as a table. Resolves with the revisions of the pages. */
async function printPages(io: Io, pages: AsyncGenerator<Page>, color?: ColorWhen): Promise<Revisions> {
  const revisions = new Set<string | null>()
  for await (const page of pages) {
    // Skip an empty page after a full last page.
    if (page.resources.length > 0 || revisions.size === 0) await printPage(io, page, false, color)
    revisions.add(page.revision)
  }
  return revisions
}

/** Streams all pages as one JSON object. Resolves with the revisions of the pages. */
async function printJson(io: Io, pages: AsyncGenerator<Page>): Promise<Revisions> {
  const revisions = new Set<string | null>()
  // A bar on the terminal that shows the resources would stand between them.
  const progress = io.stdout.isTTY === true ? undefined : new RowProgress(io.stderr, () => performance.now())
  let printed = 0
  let separator = '\n'
  for await (const { total_count, counts, projects, resources, revision } of pages) {
    const totals = JSON.stringify({ total_count, counts, ...(projects && { projects }) })
    const head = `${totals.slice(0, -1)},"resources":[`
    if (revisions.size === 0) await write(io.stdout, head)
    revisions.add(revision)
    for (const resource of resources) {
      await write(io.stdout, separator + JSON.stringify(resource))
      separator = ',\n'
    }
    printed += resources.length
    progress?.update(printed, total_count)
  }
  progress?.stop()
  await writeLine(io.stdout, '\n]}')
  return revisions
}

async function printPage(io: Io, page: Page, showsNext: boolean, color?: ColorWhen): Promise<void> {
  const { resources, total_count, counts, projects, offset, types } = page
  const type = types?.length === 1 ? types[0] : undefined
  const { head, rows } = resourceTable(resources, types, projects !== undefined)
  await writeTable(io, head, rows, color)
  const end = offset + resources.length
  const shown = resources.length === 0 ? 'none on this page' : `showing ${offset + 1} to ${end}`
  const next = showsNext && resources.length > 0 && end < total_count ? `; use --offset ${end} for the next page` : ''
  const verb = total_count === 1 ? 'matches' : 'match'
  const inProjects = projects && `, in ${projects.length} ${projects.length === 1 ? 'project' : 'projects'}`
  const total =
    type === undefined
      ? `${counted(total_count)} ${verb} (${byType(counts)}${inProjects ?? ''})`
      : `${counted(total_count, type)} ${verb}`
  await writeLine(io.stderr, `${total}: ${shown}${next}.`)
}
