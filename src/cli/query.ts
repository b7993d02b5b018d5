import { Option } from 'commander'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { wholeNumber } from '../config/value-types.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { Client } from './client.ts'
import { type Call, defineCommand, EXIT, optionParser } from './command.ts'
import { type ConditionOptions, conditionsOf, declareConditions } from './conditions.ts'
import { type Io, write, writeJson, writeLine } from './io.ts'
import { logInToProject, PROJECT_HELP } from './project.ts'
import { byType, counted, type TypeOption, typeOption } from './resource-types.ts'
import { type QueryResponse, queryResources } from './resources.ts'
import { writeTable } from './table.ts'

type Options = ConditionOptions &
  TypeOption & {
    readonly limit: number
    readonly offset: number
    readonly all?: true
    readonly json?: true
  }

type Page = QueryResponse & {
  readonly type: ResourceType | undefined
  readonly offset: number
  readonly revision: string | null
}

const LIMIT_DEFAULT = 10
/** Page size limit of a query. */
const LIMIT_MAX = 1000

/** Lists resources by tag, name or id. */
export const query = defineCommand<Options>({
  usage: 'query',
  summary: 'List the resources of a project that match all conditions: images, then database instances, oldest first.',
  details: `Without conditions, all resources match.\n${PROJECT_HELP}`,
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
  ],
  declare: (command) =>
    declareConditions(command)
      .addOption(typeOption('list only resources of this type'))
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
      .option('--json', 'print the response as JSON'),
  run: runQuery,
})

async function runQuery({ io, options, sources }: Call<Options>): Promise<number> {
  const conditions = conditionsOf(options)
  const client = await logInToProject(sources)
  if (!options.all) {
    const { limit, offset } = options
    const page = await readPage(client, options.type, { ...conditions, limit, offset })
    const { total_count, counts, resources } = page
    if (options.json) await writeJson(io.stdout, { total_count, counts, resources })
    else await printPage(io, page, true)
    return EXIT.ok
  }
  const pages = readPages(client, options.type, conditions, options.offset)
  const revisions = options.json ? await printJson(io, pages) : await printPages(io, pages)
  if (revisions.size > 1) {
    await writeLine(
      io.stderr,
      'warning: the project changed between pages, so a resource may be missing or duplicated.',
    )
  }
  return EXIT.ok
}

type PageRequest = { readonly limit: number; readonly offset: number }

async function readPage(client: Client, type: ResourceType | undefined, request: PageRequest): Promise<Page> {
  return { ...(await queryResources(client, type, request)), type, offset: request.offset }
}

async function* readPages(
  client: Client,
  type: ResourceType | undefined,
  conditions: object,
  from: number,
): AsyncGenerator<Page> {
  for (let offset = from; ; offset += LIMIT_MAX) {
    const page = await readPage(client, type, { ...conditions, limit: LIMIT_MAX, offset })
    yield page
    if (page.resources.length < LIMIT_MAX) return
  }
}

/** Prints each page as a table. Resolves with the revisions of the pages. */
async function printPages(io: Io, pages: AsyncGenerator<Page>): Promise<ReadonlySet<string | null>> {
  const revisions = new Set<string | null>()
  for await (const page of pages) {
    // Skip an empty page after a full last page.
    if (page.resources.length > 0 || revisions.size === 0) await printPage(io, page, false)
    revisions.add(page.revision)
  }
  return revisions
}

/** Streams all pages as one JSON object. Resolves with the revisions of the pages. */
async function printJson(io: Io, pages: AsyncGenerator<Page>): Promise<ReadonlySet<string | null>> {
  const revisions = new Set<string | null>()
  let separator = '\n'
  for await (const { total_count, counts, resources, revision } of pages) {
    const head = `{"total_count":${total_count},"counts":${JSON.stringify(counts)},"resources":[`
    if (revisions.size === 0) await write(io.stdout, head)
    revisions.add(revision)
    for (const resource of resources) {
      await write(io.stdout, separator + JSON.stringify(resource))
      separator = ',\n'
    }
  }
  await writeLine(io.stdout, '\n]}')
  return revisions
}

async function printPage(io: Io, page: Page, showsNext: boolean): Promise<void> {
  const { resources, total_count, counts, offset, type } = page
  // The column is left out where it would be the same in every row.
  const showsType = type === undefined
  const rows = resources.map(({ resource_type, resource_id, resource_name, resource_detail, tags }) => [
    ...(showsType ? [resource_type] : []),
    resource_id,
    String(resource_detail.status ?? ''),
    resource_name,
    tags.map(({ key, value }) => `${key}=${value}`).join(' '),
  ])
  await writeTable(io.stdout, [...(showsType ? ['TYPE'] : []), 'ID', 'STATUS', 'NAME', 'TAGS'], rows)
  const end = offset + resources.length
  const shown = resources.length === 0 ? 'none on this page' : `showing ${offset + 1} to ${end}`
  const next = showsNext && resources.length > 0 && end < total_count ? `; use --offset ${end} for the next page` : ''
  const verb = total_count === 1 ? 'matches' : 'match'
  const total = showsType
    ? `${counted(total_count)} ${verb} (${byType(counts)})`
    : `${counted(total_count, type)} ${verb}`
  await writeLine(io.stderr, `${total}: ${shown}${next}.`)
}
