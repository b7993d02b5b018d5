import { Option } from 'commander'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { wholeNumber } from '../config/value-types.ts'
import type { Client } from './client.ts'
import { type Call, defineCommand, EXIT, optionParser } from './command.ts'
import { type ConditionOptions, conditionsOf, declareConditions } from './conditions.ts'
import { type Io, write, writeJson, writeLine } from './io.ts'
import { logInToProject, PROJECT_HELP } from './project.ts'
import { writeTable } from './table.ts'

type Options = ConditionOptions & {
  readonly limit: number
  readonly offset: number
  readonly all?: true
  readonly json?: true
}

/** The used members of an image. */
type Image = {
  readonly resource_id: string
  readonly resource_name: string
  readonly resource_detail: { readonly status: string }
  readonly tags: readonly { readonly key: string; readonly value: string }[]
}

type QueryResponse = { readonly total_count: number; readonly resources: readonly Image[] }
type Page = QueryResponse & { readonly offset: number; readonly revision: string | null }

const LIMIT_DEFAULT = 10
/** Page size limit of the image service. */
const LIMIT_MAX = 1000

/** Lists images by tag, name or id. */
export const query = defineCommand<Options>({
  usage: 'query',
  summary: 'List the images of a project that match all conditions, oldest first.',
  details: `Without conditions, all images match.\n${PROJECT_HELP}`,
  settings: CLIENT_SETTINGS,
  examples: [
    [
      'tagwerk query --tag env=prod --tag env=production --tag team',
      'Images with one of two values of env, and any value of team.',
    ],
    [
      'tagwerk query --not-any backup --name web --limit 50',
      'Images without the tag "backup" and with "web" in their name.',
    ],
    ['tagwerk query --tag os=Ubuntu --all --json', 'Prints all pages as one JSON object.'],
  ],
  declare: (command) =>
    declareConditions(command)
      .addOption(
        new Option('--limit <n>', 'maximum images to print, 1 to 1000')
          .argParser(optionParser('limit', wholeNumber(1, LIMIT_MAX)))
          .default(LIMIT_DEFAULT),
      )
      .addOption(
        new Option('--offset <n>', 'images to skip')
          .argParser(optionParser('offset', wholeNumber(0, Number.MAX_SAFE_INTEGER)))
          .default(0),
      )
      .addOption(new Option('--all', 'print all images, page by page').conflicts('limit'))
      .option('--json', 'print the response as JSON'),
  run: runQuery,
})

async function runQuery({ io, options, sources }: Call<Options>): Promise<number> {
  const conditions = conditionsOf(options)
  const client = await logInToProject(sources)
  if (!options.all) {
    const page = await readPage(client, conditions, options.limit, options.offset)
    if (options.json) await writeJson(io.stdout, { total_count: page.total_count, resources: page.resources })
    else await printPage(io, page, true)
    return EXIT.ok
  }
  const pages = readPages(client, conditions, options.offset)
  const revisions = options.json ? await printJson(io, pages) : await printPages(io, pages)
  if (revisions.size > 1) {
    await writeLine(io.stderr, 'warning: the project changed between pages, so an image may be missing or duplicated.')
  }
  return EXIT.ok
}

async function readPage(client: Client, conditions: object, limit: number, offset: number): Promise<Page> {
  const path = `/v2/${client.projectId}/images/resource_instances/action`
  const request = { action: 'filter', limit: String(limit), offset: String(offset), ...conditions }
  const { body, revision } = await client.json<QueryResponse>({ method: 'POST', path, body: request })
  return { ...body, offset, revision }
}

async function* readPages(client: Client, conditions: object, from: number): AsyncGenerator<Page> {
  for (let offset = from; ; offset += LIMIT_MAX) {
    const page = await readPage(client, conditions, LIMIT_MAX, offset)
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
  for await (const { total_count, resources, revision } of pages) {
    if (revisions.size === 0) await write(io.stdout, `{"total_count":${total_count},"resources":[`)
    revisions.add(revision)
    for (const resource of resources) {
      await write(io.stdout, separator + JSON.stringify(resource))
      separator = ',\n'
    }
  }
  await writeLine(io.stdout, '\n]}')
  return revisions
}

async function printPage(io: Io, { resources, total_count, offset }: Page, showsNext: boolean): Promise<void> {
  const rows = resources.map(({ resource_id, resource_name, resource_detail, tags }) => [
    resource_id,
    resource_detail.status,
    resource_name,
    tags.map(({ key, value }) => `${key}=${value}`).join(' '),
  ])
  await writeTable(io.stdout, ['ID', 'STATUS', 'NAME', 'TAGS'], rows)
  const end = offset + resources.length
  const shown = resources.length === 0 ? 'none on this page' : `showing ${offset + 1} to ${end}`
  const next = showsNext && resources.length > 0 && end < total_count ? `; use --offset ${end} for the next page` : ''
  await writeLine(io.stderr, `${total_count.toLocaleString('en-GB')} images match: ${shown}${next}.`)
}
