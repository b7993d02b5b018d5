import { Option } from 'commander'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { wholeNumber } from '../config/value-types.ts'
import type { ColorWhen } from './colors.ts'
import { type Call, collect, defineCommand, EXIT, optionParser } from './command.ts'
import { type Io, writeJson, writeLine } from './io.ts'
import { declareOutput, type OutputOptions } from './output.ts'
import {
  type AllProjectsOption,
  allProjectsOption,
  clientOf,
  logInToPlace,
  type Place,
  PROJECT_HELP,
} from './project.ts'
import { resourceTable } from './resource-table.ts'
import { byType, counted, type TypesOption, typesOption } from './resource-types.ts'
import { type Counts, type ProjectCounts, type Resource, requireResource } from './resources.ts'
import { writeResourcesAsCsv } from './resources-csv.ts'
import { RowProgress } from './row-progress.ts'
import { writeTable } from './table.ts'

type Options = TypesOption &
  AllProjectsOption &
  OutputOptions & {
    readonly facet?: readonly string[]
    readonly facetKeys?: true
    readonly excludeOwn?: true
    readonly explain?: true
    readonly why?: string
    readonly limit: number
    readonly all?: true
  }

type Facet = {
  readonly key?: string
  readonly with_key: number
  readonly without_key: number
  readonly values?: readonly { readonly value: string; readonly count: number }[]
  readonly keys?: readonly { readonly key: string; readonly count: number }[]
  readonly more: number
}

/** A part of the filter: with the number of matches, or with its outcome on one resource. */
type Part = {
  readonly text: string
  readonly count?: number
  readonly holds?: boolean
  readonly actual?: unknown
  readonly near?: { readonly key: string; readonly value: string }
  readonly children: readonly Part[]
}

type Answer = {
  readonly total_count: number
  readonly counts: Counts
  /** The projects with matches, in answers over all projects. */
  readonly projects?: readonly ProjectCounts[]
  readonly resources: readonly Resource[]
  readonly next?: string
  readonly facets?: readonly Facet[]
  readonly explain?: Part
}

const LIMIT_DEFAULT = 20
const LIMIT_MAX = 1000

/** Searches by expression. */
export const search = defineCommand<Options>({
  usage: 'search [expression]',
  summary: 'Search resources by an expression, and count the values of keys among the matches.',
  details:
    'The expression is a subset of CEL: tests such as tags.env == "prod", tags["business-unit"] in ["a", "b"], "owner" in tags, ' +
    'tags.env.startsWith("pr"), size(tags) > 0, type == "images", name.containsFold("web") and ' +
    'created > timestamp("2026-01-31T00:00:00Z"), combined with &&, ||, ! and parentheses. A test of a tag that a resource lacks ' +
    `is false. Without an expression, all resources match.\n${PROJECT_HELP}`,
  settings: CLIENT_SETTINGS,
  examples: [
    [`tagwerk search 'tags.env == "prod" && !("owner" in tags)'`, 'Everything in production without an owner.'],
    [`tagwerk search 'tags.env == "prod"' --facet team --limit 0`, 'Which teams, and how many resources each.'],
    [`tagwerk search 'tags.env == "prod"' --why 4f2a`, 'Why one resource is not in the answer.'],
    [`tagwerk search '!("owner" in tags)' --all-projects --facet-keys`, 'In all projects of the domain.'],
    [`tagwerk search '"env" in tags || size(tags) == 0' --explain`, 'How many resources each part selects.'],
  ],
  declare: (command) => {
    command
      .addOption(typesOption('search only resources of these types'))
      .addOption(allProjectsOption())
      .option('--facet <key>', 'count the values of this key among the matches; can be repeated', collect)
      .option('--facet-keys', 'count the keys among the matches')
      .option('--exclude-own', 'count values without the conditions on their own key')
      .option('--explain', 'count the matches of each part of the expression')
      .option('--why <id>', 'show for one resource which parts of the expression hold')
      .addOption(
        new Option('--limit <n>', 'maximum resources to print, 0 to 1000')
          .argParser(optionParser('limit', wholeNumber(0, LIMIT_MAX)))
          .default(LIMIT_DEFAULT),
      )
      .addOption(new Option('--all', 'print all resources, page by page').conflicts('limit'))
    return declareOutput(command, 'the response')
  },
  run: runSearch,
})

async function runSearch(call: Call<Options>): Promise<number> {
  const { io, options, args, sources } = call
  const place = await logInToPlace(sources, options)
  const filter = args[0]
  if (options.why !== undefined) return explainOne(call, place, filter ?? 'true', options.why)
  const first = await readPage(place, toRequest(options, filter))
  const answer = options.all ? await readOn(io, place, toRequest(options, filter), first) : first
  if (options.json) await writeJson(io.stdout, answer)
  else if (options.csv) await writeResourcesAsCsv(io, place, answer.resources)
  else await printAnswer(io, answer, options)
  return EXIT.ok
}

function toRequest({ type, facet = [], facetKeys, excludeOwn, explain, limit, all }: Options, filter?: string) {
  const facets = [
    ...facet.map((key) => ({ key, ...(excludeOwn && { exclude_own: true }) })),
    ...(facetKeys ? [{ keys: true }] : []),
  ]
  return {
    ...(filter !== undefined && { filter }),
    ...(type !== undefined && { types: type }),
    ...(facets.length > 0 && { facets }),
    ...(explain && { explain }),
    limit: all ? LIMIT_MAX : limit,
  }
}

async function readPage({ client, path }: Place, body: object): Promise<Answer> {
  return (await client.json<Answer>({ method: 'POST', path: `${path}/resources/search`, body })).body
}

/** Reads the other pages. The facets and the explanation are those of the first. */
async function readOn(io: Io, place: Place, request: object, first: Answer): Promise<Answer> {
  const progress = new RowProgress(io.stderr, () => performance.now())
  const { facets: _facets, explain: _explain, ...pageRequest } = request as { facets?: unknown; explain?: unknown }
  const resources = [...first.resources]
  let { next } = first
  while (next !== undefined) {
    progress.update(resources.length, first.total_count)
    const page = await readPage(place, { ...pageRequest, after: next })
    for (const resource of page.resources) resources.push(resource)
    next = page.next
  }
  progress.stop()
  const { next: _next, ...whole } = first
  return { ...whole, resources }
}

async function printAnswer(io: Io, answer: Answer, { type, color }: Options): Promise<void> {
  const { resources, total_count, counts, projects, facets = [], explain } = answer
  if (resources.length > 0) {
    const { head, rows } = resourceTable(resources, type, projects !== undefined)
    await writeTable(io, head, rows, color)
  }
  for (const facet of facets) await printFacet(io, facet, color)
  if (explain !== undefined) await printTree(io, explain, color)
  const verb = total_count === 1 ? 'matches' : 'match'
  const inProjects = projects && `, in ${projects.length} ${projects.length === 1 ? 'project' : 'projects'}`
  const shown = resources.length < total_count ? `: showing ${resources.length}, use --limit or --all for more` : ''
  await writeLine(io.stderr, `${counted(total_count)} ${verb} (${byType(counts)}${inProjects ?? ''})${shown}.`)
}

async function printFacet(
  io: Io,
  { key, values, keys, with_key, without_key, more }: Facet,
  color: ColorWhen | undefined,
): Promise<void> {
  const counts = values?.map(({ value, count }) => [value, count] as const) ?? []
  const ofKeys = keys?.map((one) => [one.key, one.count] as const) ?? []
  const rows = [...counts, ...ofKeys].map(([text, count]) => [text, String(count)])
  await writeTable(io, [key === undefined ? 'KEY' : key, 'RESOURCES'], rows, color)
  const rest = more > 0 ? `${more} more ${key === undefined ? 'keys' : 'values'}; ` : ''
  const what = key === undefined ? 'tags' : `the key ${key}`
  await writeLine(io.stderr, `${rest}${with_key} with ${what}, ${without_key} without.`)
}

async function explainOne(
  { io, options: { type, json, color }, sources }: Call<Options>,
  place: Place,
  filter: string,
  id: string,
): Promise<number> {
  const resource = await requireResource(place, id, type)
  const { resource_type } = resource
  const of = [resource_type, id].map(encodeURIComponent).join('/')
  const client = await clientOf(place, sources, resource)
  const path = `/tagwerk/v1/${client.projectId}/resources/${of}/explain?filter=${encodeURIComponent(filter)}`
  const { body } = await client.json<{ readonly matches: boolean; readonly tree: Part }>({ method: 'GET', path })
  if (json) await writeJson(io.stdout, body)
  else {
    await printTree(io, body.tree, color)
    await writeLine(io.stderr, body.matches ? 'The resource matches.' : 'The resource does not match.')
  }
  return EXIT.ok
}

async function printTree(io: Io, tree: Part, color: ColorWhen | undefined): Promise<void> {
  const isOfOne = tree.holds !== undefined
  const rows: string[][] = []
  const add = (part: Part, depth: number) => {
    const first = isOfOne ? (part.holds ? 'yes' : 'no') : String(part.count)
    rows.push([first, `${'  '.repeat(depth)}${part.text}`, ...(isOfOne ? [insteadOf(part)] : [])])
    for (const child of part.children) add(child, depth + 1)
  }
  add(tree, 0)
  await writeTable(io, isOfOne ? ['HOLDS', 'PART', 'INSTEAD'] : ['RESOURCES', 'PART'], rows, color)
}

/** What the resource has where a test fails. */
function insteadOf({ actual, near }: Part): string {
  if (actual === undefined) return ''
  const text = actual === null ? 'no such tag' : JSON.stringify(actual)
  return near === undefined ? text : `${text}, similar: ${near.key}=${near.value}`
}
