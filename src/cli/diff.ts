import { Readable } from 'node:stream'
import type { ReadableStream as WebReadableStream } from 'node:stream/web'
import { StringDecoder } from 'node:string_decoder'
import { Option } from 'commander'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { type ChangeEffect, effectOf } from '../core/change-effect.ts'
import { colorOption } from './colors.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { type ConditionOptions, conditionsOf, declareConditions } from './conditions.ts'
import { effectTexts } from './effect.ts'
import { type Actor, actorText } from './history.ts'
import { type Io, write, writeData, writeJson, writeLine } from './io.ts'
import { MOMENT_HELP, momentText, toMoment } from './moment.ts'
import type { OutputOptions } from './output.ts'
import { logInToPlace, PROJECT_HELP } from './project.ts'
import { counted, type TypesOption, typesOption } from './resource-types.ts'
import type { Tag } from './resources.ts'
import { writeTable } from './table.ts'

type Options = ConditionOptions &
  TypesOption &
  OutputOptions & { readonly from: string; readonly to: string; readonly key?: string; readonly summary?: true }

type State = { readonly resource_name: string; readonly resource_detail: object; readonly tags: readonly Tag[] }

type Line = {
  readonly resource_type: string
  readonly resource_id: string
  readonly resource_name: string
  readonly movement: 'entered' | 'left' | 'changed'
  readonly from: State | null
  readonly to: State | null
  readonly changes: number
  readonly actors: readonly Actor[]
}

type KeyCounts = { readonly added: number; readonly changed: number; readonly removed: number }

type Summary = {
  readonly from: number
  readonly to: number
  readonly resources: number
  readonly entered: number
  readonly left: number
  readonly changed: number
  readonly changes: number
  readonly actors: readonly Actor[]
  readonly keys: readonly (KeyCounts & { readonly key: string })[]
  readonly other_keys?: KeyCounts
}

const SIGNS = { entered: '+', left: '-', changed: '~' } as const

/** Compares a project at two moments. */
export const diff = defineCommand<Options>({
  usage: 'diff',
  summary: 'Show which resources of a project differ at two revisions or times.',
  details: [
    'Begins a line with + for a resource that entered, with - for one that left, and with ~ for one that changed, among those',
    `that match the conditions at either moment. ${MOMENT_HELP} A number is a revision.`,
    PROJECT_HELP,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk diff --from yesterday --to now', 'What differs from the beginning of yesterday.'],
    ['tagwerk diff --from 2h --summary', 'How many resources and tags by key differ from two hours ago.'],
    [
      'tagwerk diff --from 2026-01-01 --to 2026-02-01 --tag env=prod --csv',
      'What changed in production in January, as CSV.',
    ],
    ['tagwerk diff --from 812 --to 900 --key owner', 'Resources with another owner between two revisions.'],
  ],
  declare: (command) =>
    declareConditions(
      command
        .requiredOption('--from <moment>', 'the first moment')
        .option('--to <moment>', 'the second moment', 'now')
        .option('--key <key>', 'only resources whose tag with this key differs'),
    )
      .addOption(typesOption('compare only resources of these types'))
      .addOption(new Option('--summary', 'print numbers only').conflicts('csv'))
      .addOption(new Option('--json', 'print the differences, or with --summary the summary, as JSON').conflicts('csv'))
      .addOption(new Option('--csv', 'print a row for each difference as CSV, for a spreadsheet program'))
      .addOption(colorOption()),
  run: runDiff,
})

async function runDiff({ io, options, sources }: Call<Options>): Promise<number> {
  const { type, key, summary, json, csv, color } = options
  const nowMs = io.clock()
  const request = {
    from: momentText(toMoment('from', options.from, nowMs)),
    // The clock of the service may be behind: its present is meant.
    ...(options.to !== 'now' && { to: momentText(toMoment('to', options.to, nowMs)) }),
    ...conditionsOf(options),
    ...(key !== undefined && { key }),
    ...(type !== undefined && { resource_types: type }),
  }
  const { client, path } = await logInToPlace(sources, {})
  const open = async (format: string, mediaType: string) => {
    const call = { method: 'POST', path: `${path}/diff`, body: { ...request, format } } as const
    return Readable.fromWeb((await client.stream(call, mediaType)) as WebReadableStream<Uint8Array>)
  }
  if (summary) await printSummary(io, await open('summary', 'application/json'), json, color)
  else if (csv) await copyText(io, await open('csv', 'text/csv'))
  else if (json) await printJson(io, await open('ndjson', 'application/x-ndjson'))
  else await printLines(io, await open('ndjson', 'application/x-ndjson'))
  return EXIT.ok
}

async function printLines(io: Io, stream: Readable): Promise<void> {
  for await (const lines of linesOf(stream)) {
    for (const line of lines) {
      if ('summary' in line) await writeLine(io.stderr, sentenceOf(line.summary))
      else await writeLine(io.stdout, textOf(line))
    }
  }
}

/** Such as `~ images i-1 "one": env=dev -> prod, -tmp=1 (2 changes by ann)`. */
function textOf({ resource_type, resource_id, resource_name, movement, from, to, changes, actors }: Line): string {
  const name = resource_name === '' ? '' : ` ${JSON.stringify(resource_name)}`
  const parts = effectTexts(toJson(effectOf(toState(from), toState(to))))
  const by = `${counted(changes, changes === 1 ? 'change' : 'changes')} by ${actors.map(actorText).join(', ')}`
  const what = parts.length === 0 ? '' : `: ${parts.join(', ')}`
  return `${SIGNS[movement]} ${resource_type} ${resource_id}${name}${what} (${by})`
}

function toState(state: State | null) {
  if (state === null) return undefined
  const { resource_name, resource_detail, tags } = state
  return { name: resource_name, detail: JSON.stringify(resource_detail), tags }
}

/** The name stands in the line already, unless it changed. */
function toJson({ effect, name, detailMembers, tagsAdded, tagsChanged, tagsRemoved }: ChangeEffect) {
  return {
    ...(name !== undefined && effect === 'updated' && { name }),
    ...(detailMembers !== undefined && { detail_members: detailMembers }),
    tags_added: tagsAdded,
    tags_changed: tagsChanged,
    tags_removed: tagsRemoved,
  }
}

function sentenceOf({ from, to, resources, entered, left, changed, changes, actors }: Summary): string {
  const differ = `${counted(resources)} ${resources === 1 ? 'differs' : 'differ'}`
  const parts = resources === 0 ? '' : `: ${entered} entered, ${left} left, ${changed} changed`
  const by = changes === 0 ? '' : ` by ${counted(actors.length, actors.length === 1 ? 'user' : 'users')}`
  const between = `${counted(changes, changes === 1 ? 'change' : 'changes')}${by} between revisions ${from} and ${to}`
  return `${differ}${parts}; ${between}.`
}

async function printSummary(io: Io, stream: Readable, json?: true, color?: OutputOptions['color']): Promise<void> {
  let text = ''
  for await (const part of textsOf(stream)) text += part
  const { summary } = JSON.parse(text) as { readonly summary: Summary }
  if (json) return writeJson(io.stdout, summary)
  const others = summary.other_keys === undefined ? [] : [{ key: '(other keys)', ...summary.other_keys }]
  const rows = [...summary.keys, ...others].map((each) => [
    each.key,
    ...[each.added, each.changed, each.removed].map((number) => number.toLocaleString('en-GB')),
  ])
  await writeTable(io, ['KEY', 'ADDED', 'CHANGED', 'REMOVED'], rows, color)
  await writeLine(io.stderr, sentenceOf(summary))
}

/** Streams the differences as one JSON object. */
async function printJson(io: Io, stream: Readable): Promise<void> {
  let separator = '\n'
  await write(io.stdout, '{"differences":[')
  for await (const lines of linesOf(stream)) {
    for (const line of lines) {
      if ('summary' in line) await writeLine(io.stdout, `\n],"summary":${JSON.stringify(line.summary)}}`)
      else {
        await write(io.stdout, separator + JSON.stringify(line))
        separator = ',\n'
      }
    }
  }
}

async function copyText(io: Io, stream: Readable): Promise<void> {
  for await (const part of textsOf(stream)) await writeData(io.stdout, part)
}

/** Gives the text of a stream. Throws when the stream ends before its end. */
async function* textsOf(stream: Readable): AsyncGenerator<string> {
  const decoder = new StringDecoder()
  try {
    for await (const chunk of stream) yield decoder.write(chunk as Buffer)
  } catch (error) {
    throw new Error(`the comparison failed: ${(error as Error).message}; what was printed is incomplete`, {
      cause: error,
    })
  }
}

async function* linesOf(stream: Readable): AsyncGenerator<readonly (Line | { readonly summary: Summary })[]> {
  let rest = ''
  for await (const text of textsOf(stream)) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    yield lines.map((line) => JSON.parse(line) as Line | { readonly summary: Summary })
  }
}
