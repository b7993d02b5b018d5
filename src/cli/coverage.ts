import { Option } from 'commander'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { dayOf, dayText } from '../core/day.ts'
import type { Client } from './client.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { type Io, writeLine } from './io.ts'
import { MOMENT_HELP, toTime } from './moment.ts'
import { declareOutput, type OutputOptions, print } from './output.ts'
import { logInToProject, PROJECT_HELP } from './project.ts'
import { type TypesOption, typesOption } from './resource-types.ts'

type Options = TypesOption &
  OutputOptions & {
    readonly key?: readonly string[]
    readonly from?: string
    readonly to?: string
    readonly interval?: string
    readonly backfill?: true
  }

type Numbers = {
  readonly resources: number
  readonly tagged: number
  readonly coverage: number | null
  readonly valid?: number
  readonly validity?: number | null
}
type OfType = Numbers & { readonly resource_type: string }
type Moment = Numbers & {
  readonly untagged: number
  readonly types?: readonly OfType[]
  readonly keys: readonly (Numbers & { readonly key: string; readonly types?: readonly OfType[] })[]
}
type Answer = {
  readonly now: Moment
  readonly points?: readonly (Moment & { readonly day: string })[]
  readonly missing?: readonly string[]
  readonly known_from?: string
}
type Backfilled = { readonly days: readonly { readonly outcome: string }[]; readonly next?: string }

const HEAD = ['KEY', 'TYPE', 'RESOURCES', 'TAGGED', 'COVERAGE', 'VALID', 'VALIDITY']
/** Stands for the resources that have any tag, and for all types together. */
const ANY_KEY = '(any)'
const ALL_TYPES = '(all)'

/** Shows how complete the tags of a project are. */
export const coverage = defineCommand<Options>({
  usage: 'coverage',
  summary: 'Show how many resources have which tag keys, now or day by day.',
  details: [
    'Without --from, the present: all keys of tag policies and the 20 most used, by resource type. With --from, the state at the',
    'end of each day (UTC) from there on, as the service stores it after midnight; --backfill stores the days that are missing,',
    `as far as the history reaches back. ${MOMENT_HELP}`,
    PROJECT_HELP,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk coverage', 'How many resources of each type have the most used keys.'],
    ['tagwerk coverage --key owner --from 12w --interval week', 'Whether more resources have an owner, week by week.'],
    [
      'tagwerk coverage --key owner --from 2026-01-01 --backfill --csv',
      'The same by day, also from before it was stored.',
    ],
  ],
  declare: (command) => {
    command
      .addOption(
        new Option('--key <key>', 'only this key; can be repeated').argParser(
          (text: string, before: readonly string[] = []) => [...before, text],
        ),
      )
      .addOption(typesOption('only resources of these types, and their counts of each day'))
      .option('--from <day>', 'the first day')
      .option('--to <day>', 'the last day; default: yesterday')
      .addOption(new Option('--interval <interval>', 'each day, or the last day of each week').choices(['day', 'week']))
      .option('--backfill', 'store the days that are missing before')
    return declareOutput(command, 'the answer of the service')
  },
  run: runCoverage,
})

async function runCoverage({ io, options, sources }: Call<Options>): Promise<number> {
  const { key, type, interval, backfill } = options
  const day = (option: 'from' | 'to') => {
    const text = options[option]
    return text === undefined ? {} : { [option]: dayText(dayOf(toTime(option, text, io.clock()))) }
  }
  const days = { ...day('from'), ...day('to') }
  const client = await logInToProject(sources)
  if (backfill) await backfillDays(io, client, { ...days, ...(key !== undefined && { keys: key }) })
  const query = {
    ...days,
    ...(key !== undefined && { keys: key }),
    ...(type !== undefined && { types: type }),
    ...(interval !== undefined && { interval }),
  }
  const call = { path: `/tagwerk/v1/${client.projectId}/coverage`, query }
  const { body } = await client.json<Answer>(call)
  const { now, points } = body
  await print(io, options, {
    json: body,
    head: points === undefined ? HEAD : ['DAY', ...HEAD],
    rows:
      points === undefined
        ? rowsOf(now)
        : points.flatMap((point) => rowsOf(point).map((cells) => [point.day, ...cells])),
  })
  if (!options.json) await writeLine(io.stderr, sentenceOf(body))
  return EXIT.ok
}

/** Stores days until none is left. */
async function backfillDays(io: Io, client: Client, request: Readonly<Record<string, unknown>>): Promise<void> {
  const path = `/tagwerk/v1/${client.projectId}/coverage/backfill`
  const outcomes = new Map<string, number>()
  let next: string | undefined
  do {
    const body = { ...request, ...(next !== undefined && { from: next }) }
    const answer = await client.json<Backfilled>({ method: 'POST', path, body })
    for (const { outcome } of answer.body.days) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    next = answer.body.next
  } while (next !== undefined)
  const made = outcomes.get('made') ?? 0
  const gone = outcomes.get('gone') ?? 0
  const rest = gone === 0 ? '' : `; the history does not reach back to ${daysText(gone)}`
  await writeLine(io.stderr, `${daysText(made)} stored${rest}.`)
}

function daysText(count: number): string {
  return `${count} ${count === 1 ? 'day' : 'days'}`
}

/** A row for each key, followed by one for each type. */
function rowsOf({ keys, types, ...any }: Moment): readonly (readonly string[])[] {
  return [{ ...any, key: ANY_KEY, types }, ...keys].flatMap(({ key, types: ofTypes = [], ...all }) => [
    toRow(key, ALL_TYPES, all),
    ...ofTypes.map(({ resource_type, ...ofType }) => toRow(key, resource_type, ofType)),
  ])
}

function toRow(key: string, type: string, { resources, tagged, coverage, valid, validity }: Numbers): string[] {
  return [key, type, String(resources), String(tagged), percent(coverage), String(valid ?? ''), percent(validity)]
}

function percent(fraction: number | null | undefined): string {
  return fraction === null || fraction === undefined ? '' : `${(fraction * 100).toFixed(1)} %`
}

function sentenceOf({ now, missing = [], known_from }: Answer): string {
  const untagged = `${now.untagged.toLocaleString('en-GB')} of ${now.resources.toLocaleString('en-GB')} resources have no tag.`
  if (missing.length === 0) return untagged
  const limit = known_from === undefined ? '' : `, and its history begins on ${known_from}`
  return `${untagged} ${daysText(missing.length)} of the period are not stored${limit}: --backfill stores what is known.`
}
