import { performance } from 'node:perf_hooks'
import { type ClientConfig, readClientConfig } from '../config/config.ts'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { ChangePrinter } from './import-changes.ts'
import { ImportStopped } from './import-end.ts'
import {
  changeOptionsOf,
  checkImportOptions,
  declareImportOptions,
  type ImportOptions,
  limitsOf,
  queryOf,
  replaceQueryOf,
} from './import-options.ts'
import { type Progress, showProgress } from './import-progress.ts'
import { RepeatCheck } from './import-repeats.ts'
import { checkMayAsk, ReplaceRun, type SendWhole } from './import-replace.ts'
import { type ImportAnswer, ImportReport } from './import-report.ts'
import { ImportRun, LIMITS, type Place, type SendLines } from './import-run.ts'
import { openSources, type Source } from './import-source.ts'
import { writeLine } from './io.ts'
import { defaultProject, logInToDomain, type Session, sendInScope, TENANT_HELP } from './project.ts'
import { Interrupted, orStopped, SignalHandler } from './signals.ts'

const NO_DEFAULT_PROJECT =
  'Lines without a project need --project or TAGWERK_PROJECT here: there are several projects, and none of them is named ' +
  'after the region of the service.'

/** Imports files of JSON lines, JSON arrays and CSV. */
export const importCommand = defineCommand<ImportOptions>({
  usage: 'import <file...>',
  summary: 'Register resources from files of JSON lines, a JSON array or CSV, plain or gzip; "-" is standard input.',
  details: [
    'CSV has one row per resource, with a column for each tag such as tag:env, or one row per tag, with the columns key and',
    'value. The form of a file is recognized by its content.',
    'Each line replaces the whole resource, so a file can be imported again at any time.',
    'A line with other data for a resource of an earlier line is refused, unless --last-wins is given. A line is compared',
    'with at least the 6 million lines before it, in at most half a gigabyte of memory.',
    '--replace shows what it would delete and asks; it deletes nothing if a line is refused or the file is not complete. The',
    'file is sent as one request then.',
    'Missing projects are created. Lines without a project go to the one of --project or TAGWERK_PROJECT. If neither is set,',
    'they go to the project named after the region of the service, or else to the only project.',
    `${TENANT_HELP} Lines of other projects are refused then.`,
    'On Ctrl-C (SIGINT) or SIGTERM it waits for the lines in flight and reports what was done; a second signal exits at once.',
    'The same import can be started again.',
    `Lines are sent in order, in batches of at most ${LIMITS.linesMax} lines and 900 kB. A dry run checks each batch independently of the others.`,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk import images.ndjson.gz instances.ndjson', 'Imports two files, one after the other.'],
    ['tagwerk import --dry-run --json images.ndjson', 'Reports the effect of an import without changing anything.'],
    [
      'tagwerk import --tags-only merge owners.csv',
      'Sets the tags of the file and keeps all other tags, names and details.',
    ],
    ['tagwerk import --replace estate.json', 'Also deletes what the file does not have, after a question.'],
    ['tagwerk export --project default | tagwerk import -', 'Imports the output of another program.'],
  ],
  declare: declareImportOptions,
  run: runImport,
})

async function runImport(call: Call<ImportOptions>): Promise<number> {
  const { io, options } = call
  checkImportOptions(options)
  checkMayAsk(io, call.args, options)
  const report = new ImportReport(options.dryRun === true)
  const printer = new ChangePrinter(io, changeOptionsOf(options))
  const startMs = performance.now()
  let stopped: ImportStopped | undefined
  try {
    await importAll(call, report, printer)
  } catch (error) {
    if (!(error instanceof ImportStopped)) throw error
    stopped = error
  }
  const seconds = (performance.now() - startMs) / 1000
  if (options.json) await report.printJson(io, seconds, stopped?.toJson() ?? null)
  else if (stopped === undefined || report.resources > 0) {
    // The rows of changes alone are a CSV file.
    await report.printText(options.csv ? { ...io, stdout: io.stderr } : io, seconds)
  }
  await printer.printRest(report.changes)
  if (report.lacksDefaultProject) await writeLine(io.stderr, NO_DEFAULT_PROJECT)
  if (stopped !== undefined) throw stopped
  return report.refused > 0 || report.heldBack ? EXIT.refused : EXIT.ok
}

/** Imports all sources. Throws an ImportStopped for every failure but an invalid setting. */
async function importAll(
  { io, args, options, sources: settings }: Call<ImportOptions>,
  report: ImportReport,
  printer: ChangePrinter,
): Promise<void> {
  const config = readClientConfig(settings)
  let sources: readonly Source[] = []
  let run: { readonly place: Place | undefined } | undefined
  let progress: Progress | undefined
  const signals = new SignalHandler(io, (signal) => {
    progress?.stop()
    // Not awaited, because the process exits at once.
    void writeLine(io.stderr, `error: ${ImportStopped.from(new Interrupted(signal), run?.place, report)}`)
  })
  const stop = signals.toAbortSignal()
  try {
    const open = (warn: (message: string) => void) =>
      openSources(args, io, {
        ...{ stop, warn },
        ...{ ignoredColumns: options.ignoreColumn ?? [], itemBytesMax: LIMITS.lineBytesMax },
      })
    sources = await open((message) => report.warn(message))
    const session = { client: await orStopped(logInToDomain(config), stop) }
    const project = config.project ?? (await orStopped(defaultProject(config, session.client), stop))
    const totalBytes = totalSize(sources)
    // Changes that are printed to a terminal show the progress themselves.
    const show = () => (options.dryRun && io.stdout.isTTY ? undefined : showProgress(io.stderr, totalBytes))
    if (options.replace) {
      const replacement = new ReplaceRun({
        ...{ io, options, report, printer, stop, sources },
        reopen: () => open(() => undefined),
        send: replaceSender(session, config, project, options, stop),
        show,
      })
      run = replacement
      return await replacement.run()
    }
    const query = queryOf(options, project)
    const send: SendLines = ({ bytes, firstLine }, signal) =>
      sendInScope(session, config, async (client) => {
        const inPart = { ...query, first_line: String(firstLine) }
        const request = { method: 'POST', path: '/tagwerk/v1/import', query: inPart, body: bytes, signal } as const
        return (await client.json<ImportAnswer>(request)).body
      })
    const repeats = new RepeatCheck(project, options.lastWins === true)
    progress = show()
    const onProgress = (bytesRead: number) => progress?.update(bytesRead, report.resources)
    const onAnswer = ({ changes = [] }: ImportAnswer, source: Source) => printer.print(changes, source.locate)
    const parts = new ImportRun({ send, repeats, stop, limits: limitsOf(options), onAnswer, onProgress }, report)
    run = parts
    await parts.send(sources)
  } catch (error) {
    throw ImportStopped.from(stop.aborted ? stop.reason : error, run?.place, report)
  } finally {
    progress?.stop()
    for (const source of sources) await source.close()
    signals.dispose()
  }
}

/** Gives a function that sends a body whole. */
function replaceSender(
  session: Session,
  config: ClientConfig,
  project: string | undefined,
  options: ImportOptions,
  signal: AbortSignal,
): SendWhole {
  const request = { method: 'POST', path: '/tagwerk/v1/import', signal } as const
  return async (lines, isDryRun) => {
    // A body can be sent only once, so that a call without lines finds the scope in which the user may do this.
    const probe = { ...request, query: replaceQueryOf(options, project, true), body: new Uint8Array(0) }
    await sendInScope(session, config, (client) => client.json<ImportAnswer>(probe))
    const body = ReadableStream.from(lines)
    const query = replaceQueryOf(options, project, isDryRun)
    return (await session.client.json<ImportAnswer>({ ...request, query, body })).body
  }
}

/** Total size in bytes; undefined if the size of a source is unknown. */
function totalSize(sources: readonly Source[]): number | undefined {
  let total = 0
  for (const { size } of sources) {
    if (size === undefined) return undefined
    total += size
  }
  return total
}
