import { Option } from 'commander'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { wholeNumber } from '../config/value-types.ts'
import { EFFECT_COLUMNS } from '../core/change-effect.ts'
import type { ResourceType } from '../core/resource-types.ts'
import { type Call, defineCommand, EXIT, optionParser } from './command.ts'
import { effectRows, effectTexts } from './effect.ts'
import { actorText, type Changes, type HistoryChange, listChanges, listHistory } from './history.ts'
import { type Io, writeJson, writeLine } from './io.ts'
import { MOMENT_HELP, shownTime, toTime } from './moment.ts'
import { declareOutput, type OutputOptions, writeCsv } from './output.ts'
import { logInToPlace, type Place, PROJECT_HELP } from './project.ts'
import { type TypesOption, typesOption } from './resource-types.ts'
import { requireResource } from './resources.ts'
import { writeTable } from './table.ts'

type Options = TypesOption &
  OutputOptions & {
    readonly key?: string
    readonly actor?: string
    readonly cause?: string
    readonly since?: string
    readonly until?: string
    readonly limit: number
  }

const LIMIT_DEFAULT = 20

/** Lists who changed what. */
export const log = defineCommand<Options>({
  usage: 'log [id]',
  summary: 'List who changed what in a project, or of one resource, newest first.',
  details: [
    'With an id, lists the whole life of a resource, also what was before it was deleted and made again; of one that does',
    `not exist now, name its --type. ${MOMENT_HELP}`,
    PROJECT_HELP,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk log', 'The last changes of a project.'],
    ['tagwerk log 6ad1d4b2-3b2a-4f7e-9d0c-1f2e3d4c5b6a', 'The life of a resource.'],
    ['tagwerk log --key cost-center --since yesterday', 'Who changed the tag cost-center since yesterday.'],
    ['tagwerk log --actor ann --type ecs --since 2w --csv', 'What ann did with servers in two weeks, as CSV.'],
  ],
  declare: (command) => {
    command
      .addOption(typesOption('only resources of these types'))
      .option('--key <key>', 'only changes of the tag with this key')
      .option('--actor <user>', 'only changes by this user: a name or an id')
      .option('--cause <cause>', 'only changes with this cause, such as plan:<id>')
      .option('--since <time>', 'only changes at this time or later')
      .option('--until <time>', 'only changes at this time or earlier')
      .addOption(
        new Option('--limit <n>', 'maximum changes to print')
          .argParser(optionParser('limit', wholeNumber(1, 1_000_000)))
          .default(LIMIT_DEFAULT),
      )
    return declareOutput(command, 'the changes')
  },
  run: runLog,
})

async function runLog({ io, args, options, sources }: Call<Options>): Promise<number> {
  const [id] = args
  const nowMs = io.clock()
  const sinceMs = options.since === undefined ? undefined : toTime('since', options.since, nowMs)
  const untilMs = options.until === undefined ? undefined : toTime('until', options.until, nowMs)
  const place = await logInToPlace(sources, {})
  const times = { sinceMs, untilMs }
  const found = id === undefined ? await ofProject(place, options, times) : await ofResource(place, id, options, times)
  const { changes, horizon } = found
  if (options.json) await writeJson(io.stdout, { changes, horizon })
  else if (options.csv) await printCsv(io, changes)
  else await printTable(io, changes, { ...options, showsResource: id === undefined }, nowMs)
  await printRest(io, found, options)
  return EXIT.ok
}

type Times = { readonly sinceMs: number | undefined; readonly untilMs: number | undefined }

function ofProject(place: Place, options: Options, { sinceMs, untilMs }: Times): Promise<Changes> {
  const { type, key, actor, cause, limit } = options
  const query = {
    ...(type !== undefined && { resource_type: type }),
    ...(key !== undefined && { key }),
    ...(actor !== undefined && { actor }),
    ...(cause !== undefined && { cause }),
    ...(sinceMs !== undefined && { since: new Date(sinceMs).toISOString() }),
    ...(untilMs !== undefined && { until: new Date(untilMs).toISOString() }),
  }
  return listChanges(place, query, limit)
}

async function ofResource(place: Place, id: string, options: Options, times: Times): Promise<Changes> {
  const type = await typeOf(place, id, options)
  return listHistory(place, { type, id }, (change) => isMeant(change, options, times), options.limit)
}

/** A single type that is named is not searched: the resource may have been deleted. */
async function typeOf(place: Place, id: string, { type: types }: Options): Promise<ResourceType> {
  const [first, ...others] = types ?? []
  return first !== undefined && others.length === 0 ? first : (await requireResource(place, id, types)).resource_type
}

function isMeant(change: HistoryChange, { key, actor, cause }: Options, { sinceMs, untilMs }: Times): boolean {
  const atMs = Date.parse(change.at)
  const { tags_added, tags_changed, tags_removed } = change
  if (sinceMs !== undefined && atMs < sinceMs) return false
  if (untilMs !== undefined && atMs > untilMs) return false
  if (actor !== undefined && change.actor.name !== actor && change.actor.id !== actor) return false
  if (cause !== undefined && change.cause !== cause) return false
  return key === undefined || [...tags_added, ...tags_changed, ...tags_removed].some((tag) => tag.key === key)
}

async function printTable(
  io: Io,
  changes: readonly HistoryChange[],
  { color, showsResource }: OutputOptions & { readonly showsResource: boolean },
  nowMs: number,
): Promise<void> {
  const rows = changes.map((change) => [
    String(change.revision),
    shownTime(change.at, nowMs),
    actorText(change.actor),
    ...(showsResource ? [change.resource_type, change.resource_id] : []),
    changeText(change),
  ])
  const head = ['REVISION', 'WHEN', 'WHO', ...(showsResource ? ['TYPE', 'ID'] : []), 'CHANGE']
  await writeTable(io, head, rows, color)
}

/** Such as `created: name "" -> "one", +env=prod` and `-tmp=1 (plan:7)`. */
function changeText(change: HistoryChange): string {
  const texts = effectTexts(change).join(', ')
  const what = change.effect === 'updated' ? texts : texts === '' ? change.effect : `${change.effect}: ${texts}`
  return change.cause === undefined ? what : `${what} (${change.cause})`
}

async function printCsv(io: Io, changes: readonly HistoryChange[]): Promise<void> {
  const rows = changes.flatMap((change) => {
    const { revision, at, actor, request_id, cause, effect, resource_type, resource_id, resource_name } = change
    const who = [actor.id, actor.name ?? '', request_id, cause ?? '']
    const head = [String(revision), at, ...who, effect, resource_type, resource_id, resource_name]
    return effectRows(change).map((part) => [...head, ...part])
  })
  const who = ['actor_id', 'actor_name', 'request_id', 'cause']
  const columns = ['revision', 'at', ...who, 'effect', 'resource_type', 'resource_id', 'resource_name']
  await writeCsv(io, [...columns, ...EFFECT_COLUMNS], rows)
}

async function printRest(io: Io, { changes, hasMore, horizon }: Changes, { limit, json, csv }: Options): Promise<void> {
  if (hasMore) await writeLine(io.stderr, `There are more: --limit shows more than ${limit}.`)
  else if (json || csv) return
  else if (horizon > 0) await writeLine(io.stderr, `Changes up to revision ${horizon} are no longer kept.`)
  else if (changes.length === 0) await writeLine(io.stderr, 'No change matches.')
}
