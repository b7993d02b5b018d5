import { once } from 'node:events'
import { createWriteStream, rmSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { Readable, Transform, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as WebReadableStream } from 'node:stream/web'
import { StringDecoder } from 'node:string_decoder'
import { createGzip } from 'node:zlib'
import { Option } from 'commander'
import { type ClientConfig, readClientConfig } from '../config/config.ts'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { toVisibleLines } from '../core/visible-text.ts'
import { AS_OF_HELP, type AsOfOption, asOfOption, asOfText } from './as-of.ts'
import type { ApiRequest, Client } from './client.ts'
import { type Call, defineCommand, EXIT, UsageError } from './command.ts'
import { type ConditionOptions, conditionsOf, declareConditions } from './conditions.ts'
import { ApiError } from './error-answer.ts'
import { toCsv } from './export-csv.ts'
import { type Io, writeLine } from './io.ts'
import { listed, listProjects, logInToDomain, projectNotFound, sendInScope, TENANT_HELP } from './project.ts'
import { type TypeOption, typeOption } from './resource-types.ts'
import { RowProgress } from './row-progress.ts'
import { orStopped, SignalHandler } from './signals.ts'

type Format = 'ndjson' | 'csv'

type Options = TypeOption & AsOfOption & ConditionOptions & { readonly output?: string; readonly format?: Format }

const MEDIA_TYPE = 'application/x-ndjson'
const LINE_FEED = 10

/** Exports resources as JSON lines or CSV. */
export const exportCommand = defineCommand<Options>({
  usage: 'export',
  summary: 'Print resources as JSON lines or CSV, both of which an import reads.',
  details: [
    'CSV has one row per resource and one column per tag, and is written when all resources are known. An empty cell is no',
    "tag, (empty) is the empty value, and a leading ' keeps a spreadsheet program from reading a cell as a formula.",
    AS_OF_HELP,
    `Without --project and TAGWERK_PROJECT, the resources of all projects are exported.\n${TENANT_HELP}`,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk export --output all.ndjson.gz', 'Exports everything to a gzip file.'],
    [
      'tagwerk export --format csv --tag env=prod --not-any owner',
      'Prints the resources with env=prod and without the tag owner as CSV.',
    ],
    [
      'tagwerk export --project default --type images | grep ubuntu',
      'Prints the images of one project whose line contains "ubuntu".',
    ],
  ],
  declare: (command) =>
    declareConditions(command)
      .addOption(typeOption('export only resources of this type'))
      .addOption(asOfOption())
      .addOption(
        new Option(
          '--format <format>',
          'ndjson or csv; by default csv for an --output that ends in .csv or .csv.gz',
        ).choices(['ndjson', 'csv']),
      )
      .option(
        '--output <file>',
        'write to this file, compressed if its name ends in .gz; an existing file is replaced only by a complete export',
      ),
  run: runExport,
})

async function runExport({ io, options, sources }: Call<Options>): Promise<number> {
  const config = readClientConfig(sources)
  const { output } = options
  const signals = new SignalHandler(io, () => {
    if (output !== undefined) rmSync(partOf(output), { force: true })
  })
  const stop = signals.toAbortSignal()
  try {
    const body = await orStopped(requestExport(config, options, asOfText(options, io.clock()), stop), stop)
    const lines = Readable.fromWeb(body as WebReadableStream<Uint8Array>)
    await (output === undefined ? print(io, lines, options, stop) : writeFile(io, lines, output, options, stop))
    return EXIT.ok
  } catch (error) {
    throw stop.aborted && !(error instanceof ExportFailed) ? stop.reason : error
  } finally {
    signals.dispose()
  }
}

async function print(io: Io, lines: Readable, options: Options, stop: AbortSignal): Promise<void> {
  const content = await open(lines, new LineCounter(() => undefined), options, stop, 'nothing was printed')
  try {
    const stages = [...content.stages, ...(io.stdout.isTTY === true ? [new VisibleText()] : []), io.stdout]
    await pipeline(stages as [Readable, ...Writable[]], { end: false, signal: stop })
  } catch (error) {
    throw new ExportFailed(error, stop, 'the printed lines are incomplete')
  } finally {
    await content.close()
  }
}

/** Writes a file with another name first, which replaces the file when it is complete. */
async function writeFile(io: Io, lines: Readable, output: string, options: Options, stop: AbortSignal): Promise<void> {
  const part = partOf(output)
  const isPacked = output.toLowerCase().endsWith('.gz')
  const progress = new RowProgress(io.stderr, () => performance.now())
  const counter = new LineCounter((count) => progress.update(count, undefined))
  let content: Content | undefined
  try {
    content = await open(lines, counter, options, stop, 'no file was written')
    const file = createWriteStream(part)
    const stages = [...content.stages, ...(isPacked ? [createGzip()] : []), file]
    await pipeline(stages as [Readable, ...Writable[]], { signal: stop }).catch(async (error: unknown) => {
      // A file that is just being opened would come into being after its removal.
      if (!file.closed) await once(file, 'close')
      if (stop.aborted) await rm(part, { force: true })
      throw new ExportFailed(error, stop, stop.aborted ? 'no file was written' : `the incomplete export is in ${part}`)
    })
  } finally {
    progress.stop()
    await content?.close()
  }
  await rename(part, output)
  await writeLine(io.stderr, `Exported ${counter.count.toLocaleString('en-GB')} resources to ${output}.`)
}

/** The content of an export, as streams that a pipeline connects. */
type Content = { readonly stages: readonly [Readable, ...Transform[]]; close(): Promise<void> }

/** Converts the lines to the format. `state` says what an error leaves. */
async function open(
  lines: Readable,
  counter: LineCounter,
  options: Options,
  stop: AbortSignal,
  state: string,
): Promise<Content> {
  if (formatOf(options) === 'ndjson') return { stages: [lines, counter], close: async () => undefined }
  try {
    const { stages, remove } = await toCsv(lines, counter, stop)
    return { stages, close: remove }
  } catch (error) {
    throw new ExportFailed(error, stop, state)
  }
}

function formatOf({ format, output = '' }: Options): Format {
  return format ?? (/\.csv(\.gz)?$/i.test(output) ? 'csv' : 'ndjson')
}

/** The name of the file while it is incomplete. */
function partOf(output: string): string {
  return `${output}.part`
}

async function requestExport(
  config: ClientConfig,
  options: Options,
  asOf: string | undefined,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const conditions = conditionsOf(options)
  const session = { client: await logInToDomain(config) }
  const { project } = config
  if (project === undefined) await requireOneProject(session.client, config)
  const request = { path: '/tagwerk/v1/export', ...toRequest(project, options, conditions, asOf), signal }
  try {
    return await sendInScope(session, config, (client) => client.stream(request, MEDIA_TYPE))
  } catch (error) {
    const isUnknown = error instanceof ApiError && error.code === 'project-not-found'
    if (project === undefined || !isUnknown) throw error
    throw projectNotFound(config, project, await listProjects(session.client))
  }
}

/** Without conditions it is the call that older services have too. */
function toRequest(
  project: string | undefined,
  { type }: Options,
  conditions: object,
  asOf: string | undefined,
): Partial<ApiRequest> {
  const of = { ...(project !== undefined && { project }), ...(asOf !== undefined && { as_of: asOf }) }
  if (Object.keys(conditions).length === 0)
    return { query: { ...of, ...(type !== undefined && { resource_type: type }) } }
  return { method: 'POST', body: { ...of, ...conditions, ...(type !== undefined && { resource_types: [type] }) } }
}

/** Throws a UsageError if a token for one project would leave out other projects of the user. */
async function requireOneProject(client: Client, { user }: ClientConfig): Promise<void> {
  if (client.project === undefined) return
  const names = (await listProjects(client)).map(({ name }) => name)
  if (names.length === 1) return
  throw new UsageError(
    `user ${user} has no role in the domain: choose one of its projects with --project: ${listed(names)}`,
  )
}

/** Counts the lines that pass through. */
class LineCounter extends Transform {
  readonly #onCount: (count: number) => void
  count = 0

  constructor(onCount: (count: number) => void) {
    super()
    this.#onCount = onCount
  }

  override _transform(chunk: Uint8Array, _encoding: string, done: (error: null, chunk: Uint8Array) => void): void {
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, at + 1)) this.count++
    this.#onCount(this.count)
    done(null, chunk)
  }
}

/** Shows invisible characters as `\u200b`, which JSON reads as the same. */
class VisibleText extends Transform {
  readonly #decoder = new StringDecoder()

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, text: string) => void): void {
    done(null, toVisibleLines(this.#decoder.write(chunk)))
  }
}

/** A failed or stopped export, with the state of its output. */
class ExportFailed extends Error {
  constructor(error: unknown, stop: AbortSignal, state: string) {
    const cause = stop.aborted ? stop.reason : error
    const { message, code } = cause as NodeJS.ErrnoException
    // The code of a file system error, such as ENOSPC, is more specific than its message.
    super(`the export failed: ${message}${code === undefined ? '' : ` (${code})`}; ${state}`, { cause })
  }
}
